/** How much of bodies is recorded: CAPTURE_CONTENT and CAPTURE_MAX_BYTES. */
export type Capture = { readonly content: 'full' | 'lengths' | 'none'; readonly maxBytes: number }
