//! What the user typed: arguments, commands and exit codes.
