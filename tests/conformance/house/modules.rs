//! Finds the items that one module uses from another. A node is a file. An arrow goes from the file that names an item
//! to the file that defines the item, through all re-exports. `mod` and `pub use` alone are no arrow. Arrows between a
//! file and the files of its child modules are read, but close no circle.
//!
//! Not covered: methods (their type's name counts), macros by name, and paths in strings.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenTree};

use super::source::{Source, is_sign, is_word};

/// Maximum depth of re-exports that are followed. It ends the search for names that import each other.
const MAX_DEPTH: usize = 12;

/// Keywords that are followed by an item's name.
const DEFINING: [&str; 9] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"];

type Path = Vec<String>;

struct Import {
    path: Path,
    /// The name in this module; `*` for a glob.
    name: String,
    re_export: bool,
}

struct Module {
    file: String,
    root: usize,
    parent: usize,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    imports: Vec<Import>,
    /// Every path and name in its code.
    mentions: BTreeSet<Path>,
}

#[derive(Clone, Copy)]
enum Named {
    Module(usize),
    ItemOf(usize),
}

/// The arrows between files: from, to, and the names that make the arrow.
pub type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

pub struct Modules<'a> {
    sources: BTreeMap<&'a str, &'a Source>,
    all: Vec<Module>,
}

impl<'a> Modules<'a> {
    /// The modules of all crates. Each integration test is a crate.
    pub fn read(sources: &'a [Source]) -> Self {
        let sources = sources.iter().map(|source| (source.path.as_str(), source)).collect();
        let mut modules = Self { sources, all: Vec::new() };
        let paths: Vec<&str> = modules.sources.keys().copied().collect();
        for path in paths {
            let (folder, name) = path.rsplit_once('/').unwrap();
            let crate_ = folder
                .strip_suffix("/tests")
                .filter(|it| modules.sources.contains_key(format!("{it}/src/lib.rs").as_str()));
            if matches!(name, "lib.rs" | "main.rs") || crate_.is_some() {
                modules.file(path, None);
            }
        }
        modules
    }

    pub fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (at, module) in self.all.iter().enumerate() {
            let imported = module.imports.iter().filter(|it| !it.re_export && it.name != "*").map(|it| &it.path);
            for path in imported.chain(&module.mentions) {
                let Some(Named::ItemOf(other)) = self.resolve(at, path, 0) else { continue };
                let Some(other) = self.all.get(other).filter(|other| other.file != module.file) else { continue };
                let names = arrows.entry((module.file.clone(), other.file.clone())).or_default();
                names.insert(
                    path.iter()
                        .filter(|it| !matches!(it.as_str(), "crate" | "super" | "self"))
                        .cloned()
                        .collect::<Vec<_>>()
                        .join("::"),
                );
            }
        }
        arrows
    }

    fn file(&mut self, path: &str, parent: Option<usize>) -> usize {
        let at = self.all.len();
        let root = parent.and_then(|parent| self.all.get(parent)).map_or(at, |parent| parent.root);
        self.all.push(Module {
            file: path.to_owned(),
            root,
            parent: parent.unwrap_or(at),
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            mentions: BTreeSet::new(),
        });
        if let Some(source) = self.sources.get(path).copied() {
            let (folder, name) = path.rsplit_once('/').unwrap();
            let below = match name {
                "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
                _ if parent.is_none() => folder.to_owned(),
                _ => path.trim_end_matches(".rs").to_owned(),
            };
            self.walk(at, &below, &source.tokens, true);
        }
        at
    }

    /// Reads a module's tokens. `below` is the folder of its child modules; `top` is false inside an item.
    fn walk(&mut self, at: usize, below: &str, tokens: &[TokenTree], top: bool) {
        let mut next = 0;
        while let Some(token) = tokens.get(next) {
            let rest = tokens.get(next + 1..).unwrap_or_default();
            let before = next.checked_sub(1).and_then(|it| tokens.get(it));
            next += 1;
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '#' => next += attribute(rest),
                TokenTree::Group(group) => {
                    self.walk(at, below, &group.stream().into_iter().collect::<Vec<_>>(), false);
                }
                TokenTree::Ident(_) if is_word(token, "use") && !rest.first().is_some_and(|it| is_sign(it, '<')) => {
                    let tree: Vec<TokenTree> = rest.iter().take_while(|it| !is_sign(it, ';')).cloned().collect();
                    next += tree.len();
                    let re_export = before.is_some_and(|it| {
                        is_word(it, "pub")
                            || matches!(it, TokenTree::Group(_)) && is_public(tokens, next - tree.len() - 1)
                    });
                    let module = self.all.get_mut(at).unwrap();
                    imports(&[], &tree, re_export, &mut module.imports);
                }
                TokenTree::Ident(_) if is_word(token, "mod") => next += self.child(at, below, rest),
                TokenTree::Ident(name) => {
                    let after = before.is_some_and(|it| is_sign(it, '.') || is_sign(it, '\''));
                    let (path, length) = path_at(name.to_string(), rest);
                    let module = self.all.get_mut(at).unwrap();
                    let skip = usize::from(rest.first().is_some_and(|it| is_sign(it, '!')));
                    match rest.get(skip) {
                        Some(TokenTree::Ident(defined)) if top && DEFINING.iter().any(|it| is_word(token, it)) => {
                            module.items.insert(defined.to_string());
                            next += usize::from(!is_word(rest.get(skip).unwrap(), "fn")) * (skip + 1);
                        }
                        _ if after => next += length,
                        _ => {
                            let called = matches!(rest.first(), Some(TokenTree::Group(_)));
                            let upper = path.first().is_some_and(|it| it.starts_with(char::is_uppercase));
                            if path.len() > 1 || called || upper {
                                module.mentions.insert(path);
                            }
                            next += length;
                        }
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Reads a child module, in its own file or inline. Returns the number of tokens read.
    fn child(&mut self, at: usize, below: &str, rest: &[TokenTree]) -> usize {
        let (Some(TokenTree::Ident(name)), Some(body)) = (rest.first(), rest.get(1)) else { return 0 };
        let name = name.to_string();
        let child = if let TokenTree::Group(body) = body {
            let file = self.all.get(at).unwrap().file.clone();
            let child = self.file("", Some(at));
            self.all.get_mut(child).unwrap().file = file;
            self.walk(child, &format!("{below}/{name}"), &body.stream().into_iter().collect::<Vec<_>>(), true);
            child
        } else {
            let files = [format!("{below}/{name}.rs"), format!("{below}/{name}/mod.rs")];
            let file = files.iter().find(|it| self.sources.contains_key(it.as_str()));
            self.file(file.unwrap_or_else(|| panic!("{below}: there is no module {name}")), Some(at))
        };
        self.all.get_mut(at).unwrap().children.insert(name, child);
        2
    }

    fn resolve(&self, at: usize, path: &[String], depth: usize) -> Option<Named> {
        let mut named = Named::Module(at);
        for (position, name) in path.iter().enumerate() {
            let Named::Module(module) = named else { return Some(named) };
            let here = self.all.get(module)?;
            named = match name.as_str() {
                "crate" => Named::Module(here.root),
                "self" => named,
                "super" => Named::Module(here.parent),
                _ => self.look_up(module, name, position + 1 == path.len(), depth)?,
            };
        }
        Some(named)
    }

    /// Resolves a name in a module. A module and a function may share a name; `last` prefers the function.
    fn look_up(&self, module: usize, name: &str, last: bool, depth: usize) -> Option<Named> {
        let here = self.all.get(module).filter(|_| depth < MAX_DEPTH)?;
        let child = here.children.get(name).map(|child| Named::Module(*child));
        let item = here.items.contains(name).then_some(Named::ItemOf(module));
        let found = if last { item.or(child) } else { child.or(item) };
        let imported = |import: &Import| match import.name.as_str() {
            "*" => match self.resolve(module, &import.path, depth + 1)? {
                Named::Module(other) => self.look_up(other, name, last, depth + 1),
                Named::ItemOf(_) => None,
            },
            own => self.resolve(module, &import.path, depth + 1).filter(|_| own == name),
        };
        found.or_else(|| {
            let (globs, named): (Vec<&Import>, Vec<&Import>) = here.imports.iter().partition(|it| it.name == "*");
            named.into_iter().filter(|it| it.name == name).chain(globs).find_map(imported)
        })
    }
}

/// Whether the tokens before `use` are `pub(…)`.
fn is_public(tokens: &[TokenTree], at: usize) -> bool {
    at.checked_sub(2).and_then(|it| tokens.get(it)).is_some_and(|it| is_word(it, "pub"))
}

/// The number of tokens of an attribute after its `#`. For an attribute for tests, the item counts, too.
fn attribute(rest: &[TokenTree]) -> usize {
    let inner = usize::from(rest.first().is_some_and(|it| is_sign(it, '!')));
    let Some(TokenTree::Group(group)) = rest.get(inner) else { return inner };
    if group.stream().to_string().replace(' ', "") != "cfg(test)" {
        return inner + 1;
    }
    let ends = |it: &TokenTree| {
        is_sign(it, ';') || matches!(it, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
    };
    let item = rest.iter().skip(1).position(ends).unwrap_or_default();
    item + 2
}

/// The path that begins with this name, and the number of further tokens.
fn path_at(first: String, rest: &[TokenTree]) -> (Path, usize) {
    let (mut path, mut length) = (vec![first], 0);
    while let (Some(one), Some(other), Some(TokenTree::Ident(name))) =
        (rest.get(length), rest.get(length + 1), rest.get(length + 2))
    {
        if !is_sign(one, ':') || !is_sign(other, ':') {
            break;
        }
        path.push(name.to_string());
        length += 3;
    }
    (path, length)
}

/// Reads the names that a `use` tree imports.
fn imports(prefix: &[String], tree: &[TokenTree], re_export: bool, found: &mut Vec<Import>) {
    for branch in tree.split(|token| is_sign(token, ',')) {
        let mut path = prefix.to_vec();
        let mut name = None;
        let mut words = branch.iter();
        while let Some(word) = words.next() {
            match word {
                TokenTree::Ident(word) if word == "as" => name = words.next().map(ToString::to_string),
                TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Group(group) => {
                    imports(&path, &group.stream().into_iter().collect::<Vec<_>>(), re_export, found);
                    path.clear();
                }
                _ if is_sign(word, '*') => name = Some("*".to_owned()),
                _ => {}
            }
        }
        if let Some(last) = path.last() {
            let name = name.unwrap_or_else(|| last.clone());
            found.push(Import { path, name, re_export });
        }
    }
}

/// Whether the second file belongs to a child module of the first.
fn is_parent(parent: &str, child: &str) -> bool {
    let stem = parent.trim_end_matches(".rs");
    let folder = ["/mod", "/lib", "/main"].iter().find_map(|it| stem.strip_suffix(it)).unwrap_or(stem);
    let below = child.strip_prefix(folder).and_then(|it| it.strip_prefix('/'));
    below.is_some_and(|it| !it.trim_end_matches("/mod.rs").contains('/'))
}

/// The circles: sets of files that all depend on each other. `strict` also counts arrows between a parent and its
/// child.
pub fn circles(arrows: &Arrows, strict: bool) -> Vec<BTreeSet<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys().filter(|(from, to)| strict || !is_parent(from, to) && !is_parent(to, from)) {
        next.entry(from).or_default().push(to);
    }
    let reached = |from: &str| -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open = next.get(from).cloned().unwrap_or_default();
        while let Some(file) = open.pop() {
            if found.insert(file) {
                open.extend(next.get(file).into_iter().flatten());
            }
        }
        found
    };
    let all: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|file| (*file, reached(file))).collect();
    let leads = |from: &str, to: &str| all.get(from).is_some_and(|it| it.contains(to));
    let circle = |file: &&str| -> BTreeSet<String> {
        all.keys().filter(|other| leads(file, other) && leads(other, file)).map(|it| (*it).to_owned()).collect()
    };
    let found: BTreeSet<BTreeSet<String>> = all.keys().map(circle).filter(|it| !it.is_empty()).collect();
    found.into_iter().collect()
}
