//! A base model ready for use: shape, weights, tokenizer and chat template. Does not know where it comes from.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use candle_core::Device;
use candle_core::quantized::gguf_file::Content;

use super::adapter::Adapter;
use super::chat::{ChatTemplate, Message, Role};
use super::config::Config;
use super::error::{EngineError, Result};
use super::fused::Pass;
use super::network::{Network, Sequence};
use super::rows::Rotary;
use super::tokenizer::Tokenizer;
use super::weights::{Precision, Weights};
use super::{describe, folder, gguf::Gguf, safetensors};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelPath {
    /// One GGUF file, which contains everything.
    Gguf(PathBuf),
    /// A folder in Hugging Face layout: `config.json`, `tokenizer.json`, `tokenizer_config.json`, `*.safetensors`.
    Folder(PathBuf),
}

/// A loaded base model. Immutable: any number of threads may read it.
#[derive(Clone, Debug)]
pub struct Model {
    pub config: Config,
    pub weights: Weights,
    pub tokenizer: Tokenizer,
    pub chat: ChatTemplate,
    rotary: Rotary,
    control: Vec<String>,
}

impl Model {
    /// # Errors
    /// When a file is missing, truncated, malformed, or of an unsupported architecture.
    pub fn load(path: &ModelPath, precision: Precision) -> Result<Self> {
        match path {
            ModelPath::Gguf(file) => Self::load_gguf(file, precision),
            ModelPath::Folder(folder) => Self::load_folder(folder, precision),
        }
    }

    /// Assembles a model from its parts. The token that the template writes after a response ends one, whatever the
    /// tokenizer's own files say: fine-tuned models may keep the end token of the model they started from.
    pub fn from_parts(config: Config, weights: Weights, tokenizer: Tokenizer, chat: ChatTemplate) -> Self {
        let tokenizer = match chat.after_response() {
            Some(after) => tokenizer.with_end_of(&after),
            None => tokenizer,
        };
        let rotary = Rotary::new(&config, weights.norm.device());
        // Longest first, so that no control token survives inside another.
        let mut control: Vec<String> = tokenizer.control_texts().filter(|text| !text.is_empty()).collect();
        control.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self { config, weights, tokenizer, chat, rotary, control }
    }

    /// The model with an optional adapter, on any device.
    pub fn network<'a>(&'a self, adapter: Option<&'a Adapter>) -> Network<'a> {
        Network { config: &self.config, weights: &self.weights, rotary: &self.rotary, adapter }
    }

    /// The training pass on the CPU.
    pub fn pass<'a>(&'a self, adapter: Option<&'a Adapter>) -> Result<Pass<'a>> {
        Pass::new(&self.config, &self.weights, &self.rotary, adapter)
    }

    /// The ids of a conversation up to where the response begins.
    pub fn prompt_ids(&self, messages: &[Message]) -> Result<Vec<u32>> {
        self.tokenizer.encode(&self.prompt(messages)?)
    }

    /// The same without the oldest messages, omitting as few as possible to have at most `limit` ids; the second
    /// value is their number. Initial system messages and the user's last message always stay, so a long one may
    /// exceed the limit.
    pub fn recent_prompt_ids(&self, messages: &[Message], limit: usize) -> Result<(Vec<u32>, usize)> {
        let whole = self.prompt_ids(messages)?;
        let head = messages.iter().take_while(|message| message.role == Role::System).count();
        // Templates expect a user's message first, so a response is omitted together with its prompt.
        let starts: Vec<usize> = (head + 1..messages.len()).filter(|at| messages[*at].role == Role::User).collect();
        if whole.len() <= limit || starts.is_empty() {
            return Ok((whole, 0));
        }
        let from = |start: usize| self.prompt_ids(&[&messages[..head], &messages[start..]].concat());
        // The later the start, the fewer the ids, so the first one that fits is found by binary search.
        let (mut low, mut high) = (0, starts.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if from(starts[middle])?.len() <= limit { high = middle } else { low = middle + 1 }
        }
        Ok((from(starts[low])?, starts[low] - head))
    }

    fn prompt(&self, messages: &[Message]) -> Result<String> {
        let safe =
            |message: &Message| Message { role: message.role, content: self.without_control_tokens(&message.content) };
        self.chat.prompt(&messages.iter().map(safe).collect::<Vec<_>>())
    }

    /// A prompt and its reply as a training sequence; only the reply and the end token are scored. The sequence is
    /// truncated to `limit` tokens; the second value tells whether it was.
    pub fn encode_pair(&self, prompt: &str, reply: &str, limit: usize) -> Result<(Sequence, bool)> {
        let prompt = self.prompt(&[Message::user(prompt)])?;
        let mut ids = self.tokenizer.encode(&prompt)?;
        let reply_start = ids.len();
        ids.extend(self.tokenizer.encode_reply(&prompt, &self.without_control_tokens(reply))?);
        ids.push(self.tokenizer.end);
        let cut = ids.len() > limit;
        ids.truncate(limit);
        Ok((Sequence { ids, reply_start }, cut))
    }

    /// A text without a prompt as training sequences of at most `limit` tokens each, all of them scored. The last
    /// ends with the end token; the first starts with the begin token if the model was trained with one.
    pub fn encode_text(&self, text: &str, limit: usize) -> Result<Vec<Sequence>> {
        let mut ids: Vec<u32> = self.tokenizer.begin.into_iter().collect();
        ids.extend(self.tokenizer.encode(&self.without_control_tokens(text))?);
        ids.push(self.tokenizer.end);
        Ok(ids.chunks(limit.max(1)).map(|ids| Sequence { ids: ids.to_vec(), reply_start: 0 }).collect())
    }

    /// `text` without anything that the tokenizer would read as control tokens: a user's text must not end a turn.
    #[must_use]
    pub fn without_control_tokens(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // Removing one token may join the halves of another.
        while let Some(token) = self.control.iter().find(|token| text.contains(token.as_str())) {
            text = text.replace(token.as_str(), "");
        }
        text
    }

    fn load_gguf(path: &Path, precision: Precision) -> Result<Self> {
        let file = File::open(path).map_err(|source| EngineError::Read { path: path.into(), source })?;
        let content = Content::read(&mut BufReader::new(file))
            .map_err(|e| EngineError::Model { path: path.into(), why: format!("not a readable GGUF file ({e})") })?;
        let mut config = describe::from_gguf(&content, path)?;
        let tokenizer = Tokenizer::from_gguf(&content, path)?;
        let chat = ChatTemplate::from_gguf(&content)?;
        let file = Gguf::open(&content, path, precision, &Device::Cpu)?;
        if let Some(divisors) = file.frequency_divisors()? {
            config.family.frequency_divisors = divisors;
            config = config.validated(path)?;
        }
        let weights = file.weights(&config)?;
        Ok(Self::from_parts(config, weights, tokenizer, chat))
    }

    fn load_folder(folder: &Path, precision: Precision) -> Result<Self> {
        let path = folder.join("config.json");
        let bytes = std::fs::read(&path).map_err(|source| EngineError::Read { path: path.clone(), source })?;
        let config = describe::from_json(&bytes, &path)?;
        let (tokenizer, chat) = folder::tokenizer_and_chat(folder)?;
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(|source| EngineError::Read { path: folder.into(), source })?
            .filter_map(|entry| entry.ok().map(|e| e.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "safetensors"))
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(EngineError::Model { path: folder.into(), why: "it contains no .safetensors file".into() });
        }
        let weights = safetensors::load(&files, &config, precision, &Device::Cpu)?;
        Ok(Self::from_parts(config, weights, tokenizer, chat))
    }
}
