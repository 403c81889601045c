// The Live page: calls appear, move and end. What screen readers say of it is one counter, at most every few seconds.

import { createRow, fillRow } from './live-row.js'

/** @import { LiveCall, LiveSnapshot } from '../../admin/live-calls.ts' */

/** Rows in the page; of those beyond, ended ones go first. */
const maxRows = 300
const spokenEveryMs = 10_000
const pausedKey = 'threadtap-live-paused'

const toolbar = /** @type {HTMLElement} */ (document.getElementById('live'))
const button = /** @type {HTMLButtonElement} */ (document.getElementById('live-pause'))
const counter = /** @type {HTMLElement} */ (document.getElementById('live-counter'))
const spoken = /** @type {HTMLElement} */ (document.getElementById('live-spoken'))
const skippedNote = /** @type {HTMLElement} */ (document.getElementById('live-skipped'))
const empty = /** @type {HTMLElement} */ (document.getElementById('live-empty'))
const body = /** @type {HTMLTableSectionElement} */ (document.getElementById('live-rows'))

/** @type {Map<string, LiveCall>} in the order of the rows from below */
const calls = new Map()
/** @type {Map<string, HTMLTableRowElement>} */
const rows = new Map()
/** Calls that have changed while the page is paused. @type {Set<string>} */
const held = new Set()
/** What the server's clock has ahead of this one's. */
let clockAhead = 0
let skipped = 0
let ended = 0
let isPaused = sessionStorage.getItem(pausedKey) === 'yes'

const now = () => Date.now() + clockAhead

/** @param {LiveCall} call */
function apply(call) {
  const before = calls.get(call.id)
  if (call.phase === 'ended' && before?.phase !== 'ended') ended += 1
  // The record has no count of characters: what was seen last stays.
  calls.set(call.id, { ...(before?.characters !== undefined && { characters: before.characters }), ...call })
  if (isPaused) held.add(call.id)
  else draw(call.id)
}

/** @param {string} id */
function draw(id) {
  const call = calls.get(id)
  if (call === undefined) return
  let row = rows.get(id)
  if (row === undefined) {
    row = createRow(id)
    rows.set(id, row)
    body.prepend(row)
  }
  fillRow(row, call, now())
}

/** @param {string} id */
function remove(id) {
  calls.delete(id)
  held.delete(id)
  rows.get(id)?.remove()
  rows.delete(id)
}

function makeRoom() {
  for (const [id, { phase }] of calls) {
    if (calls.size <= maxRows) return
    if (phase === 'ended') remove(id)
  }
  for (const id of calls.keys()) {
    if (calls.size <= maxRows) return
    remove(id)
  }
}

/** @param {LiveSnapshot} snapshot */
function begin({ at, calls: inFlight }) {
  clockAhead = at - Date.now()
  const known = new Set(inFlight.map(({ id }) => id))
  // What was in flight before the connection broke has ended unseen.
  for (const [id, { phase }] of calls) if (phase !== 'ended' && !known.has(id)) remove(id)
  for (const row of body.querySelectorAll('tr')) if (!rows.has(row.dataset.call ?? '')) row.remove()
  for (const call of inFlight.toReversed()) apply(call)
}

function settle() {
  makeRoom()
  empty.hidden = rows.size > 0
  if (isPaused) button.textContent = `Resume${held.size === 0 ? '' : ` (${held.size} changed)`}`
  count()
}

function count() {
  const inFlight = [...calls.values()].filter(({ phase }) => phase !== 'ended').length
  const stalled = [...calls.values()].filter((call) => call.stalled).length
  const texts = [`${inFlight} in flight`, `${ended} ended since you came`]
  if (stalled > 0) texts.push(`${stalled} silent`)
  const text = `${isPaused ? 'Paused. ' : ''}${texts.join(', ')}.`
  if (counter.textContent !== text) counter.textContent = text
}

function togglePause() {
  isPaused = !isPaused
  sessionStorage.setItem(pausedKey, isPaused ? 'yes' : 'no')
  button.setAttribute('aria-pressed', String(isPaused))
  button.textContent = isPaused ? 'Resume' : 'Pause'
  if (!isPaused) {
    for (const id of held) draw(id)
    held.clear()
  }
  settle()
  speak()
}

function speak() {
  if (spoken.textContent !== counter.textContent) spoken.textContent = counter.textContent
}

function connect() {
  const source = new EventSource(toolbar.dataset.stream ?? '')
  /** @param {string} name @param {(data: any) => void} handle */
  const on = (name, handle) =>
    source.addEventListener(name, (event) => {
      handle(JSON.parse(event.data))
      settle()
    })
  on('snapshot', begin)
  on('calls', (/** @type {LiveCall[]} */ changed) => changed.forEach(apply))
  on('gone', (/** @type {string[]} */ ids) => ids.forEach(remove))
  on('skipped', (/** @type {number} */ updates) => {
    skipped += updates
    skippedNote.textContent = `${skipped} calls went by too fast to be shown.`
  })
  source.addEventListener('open', () => toolbar.removeAttribute('data-lost'))
  source.addEventListener('error', () => {
    toolbar.dataset.lost = ''
    const isOver = source.readyState === EventSource.CLOSED
    counter.textContent = isOver
      ? 'The stream was refused: too many pages look at it, or threadtap wants you to log in. Reload the page.'
      : 'The connection is lost; it is tried again.'
    speak()
  })
}

button.addEventListener('click', togglePause)
toolbar.hidden = false
button.setAttribute('aria-pressed', String(isPaused))
if (isPaused) button.textContent = 'Resume'
setInterval(() => {
  if (isPaused) return
  for (const [id, { phase }] of calls) if (phase !== 'ended') draw(id)
}, 1_000)
setInterval(speak, spokenEveryMs)
connect()
