//! The model's own chat template. Knows no token ids.

use candle_core::quantized::gguf_file::Content;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::error::{EngineError, Result};
use super::jinja;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

impl Message {
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }

    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: Role::Assistant, content: content.into() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

#[derive(Clone, Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos_token: Option<String>,
    eos_token: Option<String>,
}

const NAME: &str = "chat";

impl ChatTemplate {
    /// `bos_token` and `eos_token` are the texts of these tokens; empty if the model has none.
    ///
    /// # Errors
    /// When the template does not compile.
    pub fn new(source: &str, bos_token: &str, eos_token: &str) -> Result<Self> {
        let failed = |e: minijinja::Error| EngineError::Template(e.to_string());
        let mut environment = jinja::environment().map_err(failed)?;
        environment.add_template_owned(NAME, source.to_owned()).map_err(failed)?;
        let optional = |token: &str| Some(token.to_owned()).filter(|token| !token.is_empty());
        Ok(Self { environment, bos_token: optional(bos_token), eos_token: optional(eos_token) })
    }

    /// The template in the metadata of a GGUF file.
    ///
    /// # Errors
    /// When the file has none, or one that does not compile.
    pub fn from_gguf(content: &Content) -> Result<Self> {
        let text = |key: &str| content.metadata.get(key).and_then(|v| v.to_string().ok());
        let token = |key: &str| {
            let id = content.metadata.get(key)?.to_u32().ok()? as usize;
            content.metadata.get("tokenizer.ggml.tokens")?.to_vec().ok()?.get(id)?.to_string().ok()
        };
        let source = text("tokenizer.chat_template")
            .ok_or_else(|| EngineError::Template("the model file has none; it is not a chat model".into()))?;
        let none = String::new();
        Self::new(
            source,
            token("tokenizer.ggml.bos_token_id").unwrap_or(&none),
            token("tokenizer.ggml.eos_token_id").unwrap_or(&none),
        )
    }

    /// The conversation as the model reads it, up to where its response begins. If the template rejects a system
    /// message, its text is put before the user's first message.
    ///
    /// # Errors
    /// When the template fails or rejects the roles.
    pub fn prompt(&self, messages: &[Message]) -> Result<String> {
        match (self.render(messages, true), messages) {
            (Err(refusal), [system, user, rest @ ..]) if system.role == Role::System => {
                let content = format!("{}\n\n{}", system.content, user.content);
                let mut joined = vec![Message { role: user.role, content }];
                joined.extend_from_slice(rest);
                self.render(&joined, true).map_err(|_| refusal)
            }
            (rendered, _) => rendered,
        }
    }

    /// What the template writes after a response, starting with the token that ends it; none if the template fails.
    pub fn after_response(&self) -> Option<String> {
        const REPLY: &str = "A reply.";
        let text = self.render(&[Message::user("A request."), Message::assistant(REPLY)], false).ok()?;
        text.rsplit_once(REPLY).map(|(_, after)| after.to_owned())
    }

    fn render(&self, messages: &[Message], response_follows: bool) -> Result<String> {
        self.environment
            .get_template(NAME)
            .and_then(|template| {
                template.render(context! {
                    messages => Value::from(Serde(messages)),
                    // Templates distinguish undefined from none; these are none in chats without tools.
                    tools => (),
                    documents => (),
                    add_generation_prompt => response_follows,
                    // Models with an optional thinking mode respond without it.
                    enable_thinking => false,
                    bos_token => defined(self.bos_token.as_deref()),
                    eos_token => defined(self.eos_token.as_deref()),
                })
            })
            .map_err(|e| EngineError::Template(e.to_string()))
    }
}

/// Undefined rather than none without a value.
fn defined(value: Option<&str>) -> Value {
    value.map_or(Value::UNDEFINED, Value::from)
}
