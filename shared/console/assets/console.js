// Everything works without this module; it adds what only a script can. It puts text into the page, and never markup.
import { addCopyButtons } from './copy.js'
import { addKeyboard } from './keyboard.js'
import { tickTimes } from './times.js'

tickTimes(document)
addCopyButtons(document)
addKeyboard(document)
