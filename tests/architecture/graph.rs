//! Which file depends on which: names are followed through re-exports to the file that defines them.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::source::{Module, Source};

/// One place where a file names something of its own crate.
pub struct Reference {
    pub file: String,
    pub line: usize,
    /// What is named, from the crate's root, as written: re-exports are not followed.
    pub path: Vec<String>,
    /// The file that defines it, where that is another file and the name is not merely passed on.
    pub defined_in: Option<String>,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} names {}", self.file, self.line, self.path.join("::"))
    }
}

/// What a path leads to.
#[derive(Clone, PartialEq, Eq)]
enum Target {
    Module(Vec<String>),
    /// Something defined in a file.
    Item(String),
    /// Another crate, or nothing that a reader of source files can see.
    Elsewhere,
}

/// All references of a crate to itself.
pub fn references(source: &Source) -> Vec<Reference> {
    let mut found = Vec::new();
    for module in source.modules() {
        let mut add = |path: &[String], line: usize, depends: bool| {
            let Some(absolute) = absolute(module, path) else { return };
            let target = resolve(source, module, path, &mut HashSet::new());
            let defined_in = match target {
                Target::Item(file) if depends && file != module.file => Some(file),
                _ => None,
            };
            found.push(Reference { file: module.file.clone(), line, path: absolute, defined_in });
        };
        for import in &module.imports {
            // A name that is only passed on is no dependency; one that is used here too is.
            let used = !import.public || import.name.as_ref().is_some_and(|name| module.words.contains(name));
            add(&import.path, import.line, used);
        }
        for (path, line) in &module.paths {
            add(path, *line, true);
        }
    }
    found
}

/// `path` from the crate's root, if its first name is one of this crate's.
fn absolute(module: &Module, path: &[String]) -> Option<Vec<String>> {
    let mut base = module.path.clone();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                base.pop()?;
                rest = &rest[1..];
            }
        }
        first if module.children.contains(first) => {}
        first => {
            let import = module.imports.iter().find(|import| import.name.as_deref() == Some(first))?;
            if import.path.first().is_some_and(|start| start == first) {
                return None;
            }
            base = absolute(module, &import.path)?;
            rest = &path[1..];
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

fn resolve(source: &Source, module: &Module, path: &[String], seen: &mut HashSet<(Vec<String>, String)>) -> Target {
    let (mut here, rest) = match path.first().map(String::as_str) {
        Some("crate") => (Vec::new(), &path[1..]),
        Some("self") => (module.path.clone(), &path[1..]),
        Some("super") => {
            let ups = path.iter().take_while(|name| *name == "super").count();
            let depth = module.path.len().saturating_sub(ups);
            (module.path[..depth].to_vec(), &path[ups..])
        }
        _ => (module.path.clone(), path),
    };
    for (index, name) in rest.iter().enumerate() {
        let Some(module) = source.module(&here) else { return Target::Elsewhere };
        match look_up(source, module, name, seen) {
            Some(Target::Module(path)) => here = path,
            Some(other) => return other,
            // Named from the root, so it is there: made by a macro, in that module's file.
            None if index > 0 || rest.len() < path.len() => return Target::Item(module.file.clone()),
            None => return Target::Elsewhere,
        }
    }
    Target::Module(here)
}

/// What `name` means inside `module`.
fn look_up(source: &Source, module: &Module, name: &str, seen: &mut HashSet<(Vec<String>, String)>) -> Option<Target> {
    if module.children.contains(name) {
        return Some(Target::Module(module.path.iter().cloned().chain([name.to_owned()]).collect()));
    }
    if module.items.contains(name) {
        return Some(Target::Item(module.file.clone()));
    }
    if !seen.insert((module.path.clone(), name.to_owned())) {
        return None;
    }
    if let Some(import) = module.imports.iter().find(|import| import.name.as_deref() == Some(name)) {
        return Some(resolve(source, module, &import.path, seen));
    }
    module.imports.iter().filter(|import| import.name.is_none()).find_map(|glob| {
        match resolve(source, module, &glob.path, seen) {
            Target::Module(path) if path != module.path => look_up(source, source.module(&path)?, name, seen),
            _ => None,
        }
    })
}

/// The files that depend on each other in rings: of each ring its members, and its shortest cycle with the lines that
/// close it.
pub fn cycles(references: &[Reference]) -> Vec<Cycle> {
    let mut edges: BTreeMap<&str, BTreeMap<&str, &Reference>> = BTreeMap::new();
    for reference in references {
        if let Some(to) = &reference.defined_in {
            edges.entry(&reference.file).or_default().entry(to).or_insert(reference);
        }
    }
    let mut rings = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for &start in edges.keys() {
        if done.contains(start) {
            continue;
        }
        let ring: BTreeSet<&str> =
            reachable(&edges, start).into_iter().filter(|&file| reachable(&edges, file).contains(start)).collect();
        if ring.is_empty() {
            continue;
        }
        done.extend(&ring);
        let shortest =
            ring.iter().map(|file| shortest_cycle(&edges, file)).min_by_key(Vec::len).expect("a ring has files");
        rings.push(Cycle {
            files: ring.into_iter().map(str::to_owned).collect(),
            steps: shortest
                .into_iter()
                .map(|step| format!("{step}, of {}", step.defined_in.as_deref().unwrap_or("?")))
                .collect(),
        });
    }
    rings
}

pub struct Cycle {
    pub files: Vec<String>,
    pub steps: Vec<String>,
}

type Edges<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a Reference>>;

/// The files that `start` depends on, near or far; itself only when it is in a ring.
fn reachable<'a>(edges: &Edges<'a>, start: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        for &next in edges.get(file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

/// The fewest references that lead from `start` back to it.
fn shortest_cycle<'a>(edges: &Edges<'a>, start: &'a str) -> Vec<&'a Reference> {
    let mut came_by: BTreeMap<&str, &Reference> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for (&next, &reference) in edges.get(file).into_iter().flatten() {
            if !came_by.contains_key(next) {
                came_by.insert(next, reference);
                open.push_back(next);
            }
        }
    }
    let mut steps = Vec::new();
    let mut file = start;
    loop {
        let step = came_by[file];
        steps.push(step);
        file = &step.file;
        if file == start {
            steps.reverse();
            return steps;
        }
    }
}
