//! Reads Rust source files as far as the rules need it: modules, what each imports and names, and its string literals.
//! It follows `mod` declarations from a crate's root, so test-only modules are left out, and knows nothing of the rules.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A crate's modules, by their names from its root, which is empty.
pub struct Source {
    modules: BTreeMap<Vec<String>, Module>,
}

/// One module; modules written inline share their file with the module around them.
#[derive(Default)]
pub struct Module {
    pub path: Vec<String>,
    /// Relative to the root's folder, with `/` between folders.
    pub file: String,
    pub children: HashSet<String>,
    /// Structs, functions, constants and whatever else the module itself defines.
    pub items: HashSet<String>,
    pub imports: Vec<Import>,
    /// Qualified paths outside of imports, as written, each with its line.
    pub paths: Vec<(Vec<String>, usize)>,
    /// Every identifier outside of imports; that of a macro that is called also with its `!`.
    pub words: HashSet<String>,
    /// String literals without their doc comments, as written, each with its line.
    pub strings: Vec<(String, usize)>,
}

/// One name brought in by a `use`.
pub struct Import {
    /// `None` for a glob.
    pub name: Option<String>,
    pub path: Vec<String>,
    pub public: bool,
    pub line: usize,
}

impl Source {
    /// The crate whose root is `folder/root`. Panics with the file's name when one cannot be read.
    pub fn read(folder: &Path, root: &str) -> Self {
        let mut source = Self { modules: BTreeMap::new() };
        source.read_file(folder, Path::new(root), Path::new(""), Vec::new());
        source
    }

    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.modules.values()
    }

    pub fn module(&self, path: &[String]) -> Option<&Module> {
        self.modules.get(path)
    }

    /// Reads `file`; its child modules lie in `children`. Both are relative to `folder`.
    fn read_file(&mut self, folder: &Path, file: &Path, children: &Path, path: Vec<String>) {
        let name = file.to_str().expect("a plain name").replace('\\', "/");
        let text = fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{name}: {e}"));
        self.read_module(folder, children, Module { path, file: name, ..Module::default() }, tokens);
    }

    fn read_module(&mut self, folder: &Path, children: &Path, mut module: Module, tokens: TokenStream) {
        let mut inside = Vec::new();
        walk(tokens, &mut module, &mut inside, true);
        let (path, file) = (module.path.clone(), module.file.clone());
        self.modules.insert(path.clone(), module);
        for (name, body) in inside {
            let path: Vec<String> = path.iter().chain([&name]).cloned().collect();
            match body {
                Some(body) => {
                    let module = Module { path, file: file.clone(), ..Module::default() };
                    self.read_module(folder, &children.join(&name), module, body);
                }
                None => {
                    let beside = children.join(format!("{name}.rs"));
                    let file = if folder.join(&beside).exists() { beside } else { children.join(&name).join("mod.rs") };
                    self.read_file(folder, &file, &children.join(&name), path);
                }
            }
        }
    }
}

/// Child modules found in a module: the name, and the body of an inline one.
type Inside = Vec<(String, Option<TokenStream>)>;

/// Collects what `tokens` hold into `module`; `top` is true outside of functions, impls and other bodies.
fn walk(tokens: TokenStream, module: &mut Module, inside: &mut Inside, top: bool) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let word = |at: usize| tokens.get(at).and_then(identifier);
    let mut public = false;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            token if is(token, '#') => {
                let group = tokens[at + 1..].iter().take(2).find_map(|token| body(token, Delimiter::Bracket));
                let Some(attribute) = group else {
                    at += 1;
                    continue;
                };
                at += if tokens.get(at + 1).is_some_and(|next| is(next, '!')) { 3 } else { 2 };
                if for_tests(&attribute) {
                    at = after_item(&tokens, at);
                } else if first_word(&attribute).as_deref() != Some("doc") {
                    walk(attribute, module, inside, false);
                }
                continue;
            }
            TokenTree::Ident(name) => match name.to_string().as_str() {
                "pub" => {
                    public = true;
                    let restricted =
                        tokens.get(at + 1).is_some_and(|next| body(next, Delimiter::Parenthesis).is_some());
                    at += if restricted { 2 } else { 1 };
                    continue;
                }
                "use" if !tokens.get(at + 1).is_some_and(|next| is(next, '<')) => {
                    let end = position(&tokens, at, ';');
                    let line = name.span().start().line;
                    read_use(&tokens[at + 1..end], &[], public, line, &mut module.imports);
                    at = end;
                }
                "mod" if top => {
                    let name = word(at + 1).expect("a module has a name");
                    module.children.insert(name.clone());
                    inside.push((name, tokens.get(at + 2).and_then(|next| body(next, Delimiter::Brace))));
                    at += 2;
                }
                "struct" | "enum" | "union" | "trait" | "type" | "fn" | "const" | "static" if top => {
                    let name = word(at + 1).filter(|next| next != "mut").or_else(|| word(at + 2));
                    module.items.extend(name);
                }
                "macro_rules" if top => module.items.extend(word(at + 2)),
                first => {
                    module.words.insert(first.to_owned());
                    if tokens.get(at + 1).is_some_and(|next| is(next, '!')) {
                        module.words.insert(format!("{first}!"));
                    }
                    let continues = at >= 2 && is(&tokens[at - 1], ':') && is(&tokens[at - 2], ':');
                    if !continues {
                        let path = path_from(&tokens[at..]);
                        if path.len() > 1 {
                            module.paths.push((path, name.span().start().line));
                        }
                    }
                }
            },
            TokenTree::Group(group) => walk(group.stream(), module, inside, false),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.ends_with(['"', '#']) {
                    module.strings.push((text, literal.span().start().line));
                }
            }
            TokenTree::Punct(_) => {}
        }
        public = false;
        at += 1;
    }
}

/// Reads the tree of a `use` whose leading names are `before`.
fn read_use(tokens: &[TokenTree], before: &[String], public: bool, line: usize, imports: &mut Vec<Import>) {
    let mut path = before.to_vec();
    let mut name = None;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => {
                let members: Vec<TokenTree> = group.stream().into_iter().collect();
                for member in members.split(|token| is(token, ',')).filter(|member| !member.is_empty()) {
                    read_use(member, &path, public, line, imports);
                }
                return;
            }
            TokenTree::Punct(mark) if mark.as_char() == '*' => {
                imports.push(Import { name: None, path, public, line });
                return;
            }
            TokenTree::Ident(word) if word == "as" => {
                name = tokens.get(at + 1).and_then(identifier);
                break;
            }
            TokenTree::Ident(word) => path.push(word.to_string()),
            _ => {}
        }
        at += 1;
    }
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let name = name.or_else(|| path.last().cloned());
    imports.push(Import { name, path, public, line });
}

/// `a::b::c` at the start of `tokens`.
fn path_from(tokens: &[TokenTree]) -> Vec<String> {
    let mut path = Vec::new();
    let mut at = 0;
    while let Some(name) = tokens.get(at).and_then(identifier) {
        path.push(name);
        let more = tokens.get(at + 1).zip(tokens.get(at + 2)).is_some_and(|(a, b)| is(a, ':') && is(b, ':'));
        if !more {
            break;
        }
        at += 3;
    }
    path
}

/// Whether an attribute leaves its item out of the program: `cfg(test)`, also within `all(...)`.
fn for_tests(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text.starts_with("cfg(test)") || text.starts_with("cfg(all(test")
}

/// Where the item that starts at `from` ends, its further attributes included.
fn after_item(tokens: &[TokenTree], from: usize) -> usize {
    let import =
        tokens[from..].iter().filter_map(identifier).find(|word| word != "pub").is_some_and(|word| word == "use");
    if import {
        return position(tokens, from, ';') + 1;
    }
    let ends = |token: &TokenTree| is(token, ';') || body(token, Delimiter::Brace).is_some();
    tokens[from..].iter().position(ends).map_or(tokens.len(), |length| from + length + 1)
}

fn position(tokens: &[TokenTree], from: usize, mark: char) -> usize {
    tokens[from..].iter().position(|token| is(token, mark)).map_or(tokens.len(), |length| from + length)
}

fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}

fn identifier(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    }
}

fn first_word(tokens: &TokenStream) -> Option<String> {
    tokens.clone().into_iter().next().as_ref().and_then(identifier)
}

fn body(token: &TokenTree, delimiter: Delimiter) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}

/// Every `.rs` file below `folder`.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}
