/** What is kept of bodies: CAPTURE_CONTENT and CAPTURE_MAX_BYTES. */
export type Capture = { readonly content: 'full' | 'lengths' | 'none'; readonly maxBytes: number }
