slotmap::new_key_type! {
    /// A connection within a forwarder.
    pub(crate) struct PeerKey;
}
