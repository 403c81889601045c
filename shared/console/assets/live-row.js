// One call of the live table: the same cells as the server writes (parts/live/live-row.tsx). All text goes in as text, never
// as HTML: models and callers wrote it.

import { liveTexts } from './live-texts.js'

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
const wordsAt = 10

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
  row.classList.toggle('stalled', call.stalled === true)
  for (const [at, text] of liveTexts(call, now).entries()) setText(row.cells[at], text)
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
