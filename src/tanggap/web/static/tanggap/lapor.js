// The complaint form: keeps the text on the device; without this file the form works the same.
import { keep, once } from './draft.js'

const form = document.querySelector('form[data-draft]')
if (form) { keep(form); once(form) }
