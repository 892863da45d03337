//! All that a template can see.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_kit::fonts::FontStore;

use crate::printer::Template;

/// The look that official papers share.
const OFFICIAL: &str = include_str!("official.typ");

/// What all documents share.
pub(crate) struct Workshop {
    library: LazyHash<Library>,
    fonts: FontStore,
    official: Source,
    data: FileId,
}

impl Workshop {
    pub(crate) fn new() -> Workshop {
        let mut fonts = FontStore::new();
        fonts.extend(typst_kit::fonts::embedded());
        Workshop {
            library: LazyHash::new(Library::default()),
            fonts,
            official: Source::new(file_id("/official.typ"), OFFICIAL.to_owned()),
            data: file_id("/data.json"),
        }
    }
}

/// One document being made.
pub(crate) struct DocumentWorld<'a> {
    workshop: &'a Workshop,
    template: Source,
    data: Bytes,
    today: Option<Datetime>,
}

impl<'a> DocumentWorld<'a> {
    pub(crate) fn new(
        workshop: &'a Workshop,
        template: &Template,
        data: Vec<u8>,
        today: Option<Datetime>,
    ) -> DocumentWorld<'a> {
        let id = file_id(&format!("/{}.typ", template.name));
        let template = Source::new(id, template.source.to_owned());
        DocumentWorld { workshop, template, data: Bytes::new(data), today }
    }

    fn missing<T>(&self, id: FileId) -> FileResult<T> {
        Err(FileError::NotFound(id.vpath().get_with_slash().into()))
    }
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.workshop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.workshop.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else if id == self.workshop.official.id() {
            Ok(self.workshop.official.clone())
        } else {
            self.missing(id)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.workshop.data { Ok(self.data.clone()) } else { self.missing(id) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.workshop.fonts.font(index)
    }

    /// The day of printing wherever the reader is: it is part of the document.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("our names are plain paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}
