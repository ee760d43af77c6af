//! Version and candidate grammars.
