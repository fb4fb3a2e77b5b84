//! The model's own chat template, rendered by a template library. Knows no token ids.

use candle_core::quantized::gguf_file::Content;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::error::{EngineError, Result};

/// One turn of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

/// A compiled chat template.
#[derive(Clone, Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos_token: String,
    eos_token: String,
}

const NAME: &str = "chat";

impl ChatTemplate {
    /// # Errors
    /// When the template does not compile.
    pub fn new(source: &str, bos_token: &str, eos_token: &str) -> Result<Self> {
        let mut environment = Environment::new();
        // Published templates are written for Python's Jinja: they trim blocks and call string methods.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|e| EngineError::Template(e.to_string()))?);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_template_owned(NAME, source.to_owned()).map_err(|e| EngineError::Template(e.to_string()))?;
        Ok(Self { environment, bos_token: bos_token.into(), eos_token: eos_token.into() })
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
            .ok_or_else(|| EngineError::Template("the model file has none, so it is not made for chat".into()))?;
        let none = String::new();
        Self::new(
            source,
            token("tokenizer.ggml.bos_token_id").unwrap_or(&none),
            token("tokenizer.ggml.eos_token_id").unwrap_or(&none),
        )
    }

    /// The conversation as the model reads it, up to where its reply begins.
    ///
    /// # Errors
    /// When the template fails or rejects the roles.
    pub fn prompt(&self, messages: &[Message]) -> Result<String> {
        self.environment
            .get_template(NAME)
            .and_then(|template| {
                template.render(context! {
                    messages => Value::from(Serde(messages)),
                    add_generation_prompt => true,
                    bos_token => &self.bos_token,
                    eos_token => &self.eos_token,
                })
            })
            .map_err(|e| EngineError::Template(e.to_string()))
    }
}
