//! The body of a reply, whole.

use super::BODY_CAP;
use http_body_util::BodyExt;

/// Why a body did not come whole.
pub(super) enum NotWhole<E> {
    /// It is longer than [`BODY_CAP`].
    Long,
    /// It broke off.
    Broken(E),
}

/// Reads a body. Each piece is copied and let go at once, so that the connection reads on into the same room: a page of
/// issues comes in a hundred pieces, and keeping them all took three times its length.
pub(super) async fn whole<B, D, E>(mut body: B) -> Result<Vec<u8>, NotWhole<E>>
where
    B: BodyExt<Data = D, Error = E> + Unpin,
    D: AsRef<[u8]>,
{
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(BODY_CAP);
    let mut bytes = Vec::with_capacity(expected.min(BODY_CAP));
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(NotWhole::Broken)?.into_data() else { continue };
        let piece = piece.as_ref();
        if bytes.len() + piece.len() > BODY_CAP {
            return Err(NotWhole::Long);
        }
        bytes.extend_from_slice(piece);
    }
    Ok(bytes)
}
