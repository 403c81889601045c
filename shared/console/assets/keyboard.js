const keys = [
  ['/', 'search'],
  ['j, k', 'next and previous row or call'],
  ['Enter', 'open it'],
  ['n, f', 'older, and newest page'],
  ['p', 'pause and resume what is live'],
  ['?', 'this list'],
]

/**
 * Keys for what can be done with a mouse, wherever nothing is being typed.
 * @param {Document} document
 */
export function addKeyboard(document) {
  const help = helpOf(document)
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help.open) return
    if (act(document, event.key, help)) event.preventDefault()
  })
}

/**
 * @param {Document} document
 * @param {string} key
 * @param {HTMLDialogElement} help
 * @returns {boolean} whether the key means something here
 */
function act(document, key, help) {
  switch (key) {
    case '/':
      return focus(document.querySelector('[data-search]'))
    case 'j':
      return moveBy(document, 1)
    case 'k':
      return moveBy(document, -1)
    case 'n':
      return click(document.querySelector('[data-next]'))
    case 'f':
      return click(document.querySelector('[data-first]'))
    case 'p':
      return click(document.querySelector('[data-pause]'))
    case '?':
      help.showModal()
      return true
    default:
      return false
  }
}

/**
 * @param {Document} document
 * @param {1 | -1} step
 */
function moveBy(document, step) {
  const rows = [...document.querySelectorAll('[data-row]')]
  const at = rows.indexOf(/** @type {Element} */ (document.activeElement))
  return focus(rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)] ?? null)
}

/** @param {Element | null} element */
function focus(element) {
  if (!(element instanceof HTMLElement)) return false
  element.focus()
  return true
}

/** @param {Element | null} element */
function click(element) {
  if (!(element instanceof HTMLElement)) return false
  element.click()
  return true
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), select, textarea')
}

/** @param {Document} document */
function helpOf(document) {
  const help = document.createElement('dialog')
  const title = document.createElement('h2')
  title.id = 'keys'
  title.textContent = 'Keys'
  const list = document.createElement('dl')
  for (const [key = '', meaning = ''] of keys) {
    const term = document.createElement('dt')
    const name = document.createElement('kbd')
    name.textContent = key
    term.append(name)
    const description = document.createElement('dd')
    description.textContent = meaning
    list.append(term, description)
  }
  const close = document.createElement('button')
  close.type = 'button'
  close.textContent = 'Close'
  close.addEventListener('click', () => help.close())
  help.setAttribute('aria-labelledby', title.id)
  help.append(title, list, close)
  document.body.append(help)
  return help
}
