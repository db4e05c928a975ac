//! Nonces from the operating system, asked for in blocks: one system call serves some hundred of them.

use std::cell::RefCell;

/// 128 nonces of 24 bytes.
const BLOCK: usize = 3072;

struct Block {
    bytes: [u8; BLOCK],
    used: usize,
}

thread_local! {
    static BLOCK_LEFT: RefCell<Block> = const { RefCell::new(Block { bytes: [0; BLOCK], used: BLOCK }) };
}

/// Fills `nonce` with bytes that were given to nobody else; at most a block at a time.
pub(super) fn fill(nonce: &mut [u8]) {
    BLOCK_LEFT.with_borrow_mut(|block| {
        if BLOCK - block.used < nonce.len() {
            getrandom::fill(&mut block.bytes).expect("the operating system gives randomness");
            block.used = 0;
        }
        let end = block.used + nonce.len();
        nonce.copy_from_slice(&block.bytes[block.used..end]);
        block.bytes[block.used..end].fill(0);
        block.used = end;
    });
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_nonce_is_given_twice() {
        let mut seen = HashSet::new();
        for _ in 0..1_000 {
            let mut nonce = [0; 24];
            super::fill(&mut nonce);
            assert!(seen.insert(nonce));
        }
    }
}
