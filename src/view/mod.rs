//! State to cells: the only room that knows widgets.
