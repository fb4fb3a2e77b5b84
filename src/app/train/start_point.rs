//! Start points of training as they are named: from scratch, a model of the library, or several that are added up. Loads nothing.

use crate::library::{Library, LibraryError};
use crate::selection::BlendPart;
use crate::training::SCRATCH;

/// Where a training starts.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum StartPoint {
    /// What selection chooses.
    #[default]
    Auto,
    Scratch,
    /// A model of the library, by id.
    Library(String),
    /// Several models of the library, each with its weight.
    Blend(Vec<BlendPart>),
}

impl StartPoint {
    /// The models that it names, each with its weight; none where selection is to choose.
    pub fn parts(&self) -> Option<Vec<BlendPart>> {
        match self {
            Self::Auto => None,
            Self::Scratch => Some(Vec::new()),
            Self::Library(id) => Some(vec![BlendPart { id: id.clone(), weight: 1.0 }]),
            Self::Blend(parts) => Some(parts.clone()),
        }
    }

    /// Whether every model that it names is in the library: to be asked before anything is loaded.
    ///
    /// # Errors
    /// When one is not.
    pub fn check(&self) -> Result<(), LibraryError> {
        let ids: Vec<&str> = match self {
            Self::Auto | Self::Scratch => return Ok(()),
            Self::Library(id) => vec![id],
            Self::Blend(parts) => parts.iter().map(|part| part.id.as_str()).collect(),
        };
        let library = Library::shipped()?;
        ids.into_iter().try_for_each(|id| library.card(id).map(drop))
    }
}

impl std::str::FromStr for StartPoint {
    type Err = String;

    /// `auto`, `scratch`, an id, or a blend: `warm:0.7+formal:0.4`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            SCRATCH => Ok(Self::Scratch),
            id if !id.contains([':', '+']) => Ok(Self::Library(id.to_owned())),
            blend => {
                let part = |part: &str| {
                    let (id, weight) = part.split_once(':')?;
                    let weight =
                        weight.trim().parse().ok().filter(|weight: &f64| weight.is_finite() && *weight > 0.0)?;
                    (!id.trim().is_empty()).then(|| BlendPart { id: id.trim().to_owned(), weight })
                };
                let parts: Option<Vec<BlendPart>> = blend.split('+').map(part).collect();
                let wrong =
                    || format!("{blend:?} is not a valid blend: write it as warm:0.7+formal:0.4, with weights above 0");
                let parts = parts.ok_or_else(wrong)?;
                let repeats = |at: usize| parts[..at].iter().any(|earlier| earlier.id == parts[at].id);
                match (0..parts.len()).find(|&at| repeats(at)) {
                    Some(at) => Err(format!("{} is named twice in the blend", parts[at].id)),
                    None => Ok(Self::Blend(parts)),
                }
            }
        }
    }
}
