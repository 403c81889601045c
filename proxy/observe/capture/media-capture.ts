/** Takes the bytes of the media of one call (CAPTURE_MEDIA=upload); without it media are only described. */
export type MediaCapture = { readonly input: MediaSide; readonly output: MediaSide }

/** One side of a call. */
export type MediaSide = {
  /** Takes a whole medium. */
  readonly take: TakeMedium
  /** Begins a medium that arrives in pieces. */
  grow(): GrowingMedium
}

/** @param mediaType as it was sent; `base64` where nothing was said */
export type TakeMedium = (mediaType: string, sha256: string, bytes: Buffer) => void

export type GrowingMedium = {
  /** @param bytes valid only until this returns */
  push(bytes: Buffer): void
  /** Called at most once, last; a medium that does not end is not taken. @returns size and hash of all that was pushed */
  end(mediaType: string): { readonly mediaType: string; readonly bytes: number; readonly sha256: string }
}
