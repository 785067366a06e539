//! Reads.
use std::collections::{BTreeMap, HashMap as Map};
use crate::node::Node;

/// The limit.
pub const LIMIT: usize = 10;
static NAME: &str = "😀 helper";

/// A reader.
#[derive(Debug, Clone)]
pub struct Reader<'a, T> {
    items: Map<&'a str, T>,
}

pub enum Kind { One, Two(Node) }

pub trait Read {
    fn read(&self) -> usize;
    fn twice(&self) -> usize { self.read() * 2 }
}

impl<'a, T> Read for Reader<'a, T> {
    #[inline]
    fn read(&self) -> usize {
        helper(self.items.len())
    }
}

macro_rules! square {
    ($x:expr) => { $x * $x };
}

fn helper(n: usize) -> usize {
    fn inner(n: usize) -> usize { square!(n) }
    inner(n).min(LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    const CASES: usize = 3;
    #[test]
    fn it_reads() { assert_eq!(helper(CASES), 9); }
}
