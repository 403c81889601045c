/** What to do where nothing is recorded yet. */
export function NoCalls() {
  return (
    <>
      No calls are recorded yet. Point an application at threadtap with <code>OPENAI_BASE_URL</code>, as it
      was printed at the start, and make a call; or run <code>npm run demo</code> to see some.
    </>
  )
}
