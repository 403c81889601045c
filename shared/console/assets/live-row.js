// One call of the live table: the same cells, with the same words, as the server writes (parts/live/live-row.tsx). All text
// goes in as text, never as HTML: models and callers wrote it.

/** @import { LiveCall } from '../../admin/live-calls.ts' */

const looks = [
  '',
  'number',
  '',
  'preview',
  'secondary preview',
  'secondary preview',
  'number',
  'number secondary',
  'number secondary',
  '',
  'last-words',
]
/** Columns whose text others chose: isolated, so that it cannot change the direction of its neighbours. */
const isolated = new Set([2, 3, 4, 5, 10])

/** @type {Record<LiveCall['delivery'], string>} */
const recordTexts = {
  in_flight: '… in flight',
  spooled: '▤ spooled',
  queued: '⇢ queued',
  delivered: '✓ delivered',
  dead_lettered: '✗ dead letter',
  dropped: '✗ dropped',
}

/** @param {string} id */
export function createRow(id) {
  const row = document.createElement('tr')
  row.dataset.call = id
  for (const [at, look] of looks.entries()) {
    const cell = document.createElement('td')
    if (look !== '') cell.className = look
    if (isolated.has(at)) cell.append(document.createElement('bdi'))
    row.append(cell)
  }
  return row
}

/**
 * @param {HTMLTableRowElement} row
 * @param {LiveCall} call
 * @param {number} now ms since 1970
 */
export function fillRow(row, call, now) {
  const {
    stalled,
    startedAt,
    durationMs,
    model,
    operation,
    threadId,
    userId,
    agentKey,
    agent,
    firstTokenMs,
  } = call
  row.classList.toggle('stalled', stalled === true)
  const texts = [
    stateText(call, now),
    duration(durationMs ?? Math.max(now - startedAt, 0)),
    model ?? operation,
    threadId,
    userId,
    agentKey ?? agent,
    writtenText(call),
    firstTokenMs === undefined ? '-' : duration(firstTokenMs),
    speedText(call),
    recordTexts[call.delivery],
    lastText(call),
  ]
  for (const [at, text] of texts.entries()) setText(row.cells[at], text)
  const words = row.cells[wordsAt]
  if (words !== undefined) words.title = call.error ?? call.lastWords ?? ''
  // Only then there is a page of it.
  if (call.phase === 'ended') linkTo(call.id, row.cells[0])
}

/**
 * @param {string} id
 * @param {HTMLTableCellElement | undefined} cell
 */
function linkTo(id, cell) {
  if (cell === undefined || cell.querySelector('a') !== null) return
  const link = document.createElement('a')
  link.href = `/calls/${encodeURIComponent(id)}`
  link.dataset.row = ''
  link.textContent = cell.textContent
  cell.replaceChildren(link)
}

/**
 * @param {HTMLTableCellElement | undefined} cell
 * @param {string | undefined} text
 */
function setText(cell, text) {
  if (cell === undefined) return
  const inner = cell.firstElementChild ?? cell
  if (inner instanceof HTMLElement && inner !== cell) cell.title = text ?? ''
  if (inner.textContent !== (text ?? '-')) inner.textContent = text ?? '-'
}

/** @param {LiveCall} call @param {number} now */
function stateText({ phase, stalled, lastAt, ending, status }, now) {
  if (stalled) return `⚠ silent for ${duration(now - lastAt)}`
  if (phase === 'waiting') return '… waiting'
  if (phase === 'answering') return '▶ answering'
  const how = (ending ?? '').replaceAll('_', ' ')
  if (ending === 'completed' || ending === 'running') return `✓ ${how}`
  return `✗ ${how}${status !== undefined && status >= 400 ? ` ${status}` : ''}`
}

const wordsAt = 10
const shownCharacters = 36

/** @param {LiveCall} call */
function lastText({ error, lastWords }) {
  if (error !== undefined) return error
  if (lastWords === undefined) return '-'
  const words = lastWords.replace(/\s+/gu, ' ')
  return words.length <= shownCharacters ? words : `…${words.slice(-shownCharacters)}`
}

/** @param {LiveCall} call */
function writtenText({ tokens, characters }) {
  if (tokens.output !== undefined) return `${tokens.output} tokens`
  return characters === undefined ? '-' : `${characters} characters`
}

/** @param {LiveCall} call */
function speedText({ speed }) {
  if (speed === undefined) return '-'
  return `${Math.round(speed.perSecond)} ${speed.of === 'tokens' ? 'tok' : 'char'}/s`
}

/** @param {number} ms @returns {string} `345 ms`, `1.2 s`, `2 min 05 s` */
function duration(ms) {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
