/** Parts that did not stop in time and may still be running. */
export class PartsLeftBehind extends Error {
  constructor(names: readonly string[]) {
    super(`threadtap stopped without waiting for ${names.join(', ')}`)
  }
}
