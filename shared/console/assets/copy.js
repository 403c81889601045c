/**
 * A button above each text that is there to be copied.
 * @param {Document} document
 */
export function addCopyButtons(document) {
  // Browsers have a clipboard on loopback and over TLS only.
  if (navigator.clipboard === undefined) return
  for (const text of document.querySelectorAll('[data-copy]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      const copied = await navigator.clipboard.writeText(text.textContent ?? '').then(
        () => true,
        () => false,
      )
      button.textContent = copied ? 'Copied' : 'The browser did not allow it'
    })
    text.before(button)
  }
}
