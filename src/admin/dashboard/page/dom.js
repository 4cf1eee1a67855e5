/**
 * Makes an element. Children are nodes or text; text goes in as text, so whatever people call themselves stays what it is.
 * Attributes: `on…` listens, `class`, `data-…` and the like are set, true is set empty, null and false are left out.
 */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children)
}

/** The same for SVG. */
export function s(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (key === 'value') element.value = value
    else element.setAttribute(key, value === true ? '' : String(value))
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return element
}

/** Puts these in the place of whatever is there. */
export const show = (element, ...children) => element.replaceChildren(...children.flat().filter(Boolean))

/** Tells those who listen what happened, and nobody else. */
export function tell(text) {
  document.querySelector('#news').textContent = text
}

/** Shows what went wrong, until it is put away or something goes right. */
export function complain(error) {
  const what = error?.code ? `${error.message} (${error.code})` : String(error?.message ?? error)
  const box = document.querySelector('#alerts')
  if ([...box.children].some(known => known.firstChild.textContent === what)) return
  const dismiss = h('button', { type: 'button', class: 'quiet', onclick: () => alert.remove() }, 'Dismiss')
  const alert = h('div', { class: 'alert' }, h('p', {}, what), dismiss)
  box.append(alert)
  while (box.children.length > 3) box.firstChild.remove()
}

export const forgive = () => show(document.querySelector('#alerts'))

/** Does something that takes a while, with what asked for it switched off; what fails is shown. */
export async function busy(control, work) {
  if (control.getAttribute('aria-busy') === 'true') return undefined
  control.setAttribute('aria-busy', 'true')
  try {
    const result = await work()
    forgive()
    return result
  } catch (error) {
    complain(error)
    return undefined
  } finally {
    control.removeAttribute('aria-busy')
  }
}

/** A table that turns into cards where it is narrow. `columns`: [heading, class]. Each row is a list of cells. */
export function table(label, columns, rows, empty) {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty)
  const heads = columns.map(([name, look]) => h('th', { scope: 'col', role: 'columnheader', class: look }, name))
  const body = rows.map(cells =>
    h(
      'tr',
      { role: 'row' },
      cells.map((cell, index) => h('td', { role: 'cell', class: columns[index][1], 'data-label': columns[index][0] }, cell)),
    ),
  )
  return h(
    'table',
    { role: 'table', 'aria-label': label },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads)),
    h('tbody', { role: 'rowgroup' }, body),
  )
}

let lastId = 0
/** A control with its label. */
export function field(label, control) {
  control.id ||= `field-${++lastId}`
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control)
}

export const select = (values, attributes = {}) =>
  h(
    'select',
    attributes,
    values.map(([value, text]) => h('option', { value }, text)),
  )

/** Asks before something that can't be taken back. Resolves to whether it may be done. */
export function confirmed({ title, text, action, danger = true }) {
  const { promise, resolve } = Promise.withResolvers()
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text', class: 'confirm', role: 'alertdialog' },
    h('h2', { id: 'confirm-title' }, title),
    h('p', { id: 'confirm-text' }, text),
    h(
      'form',
      { method: 'dialog', class: 'actions' },
      h('button', { value: 'no', autofocus: true }, 'Cancel'),
      h('button', { value: 'yes', class: danger ? 'danger' : 'primary' }, action),
    ),
  )
  dialog.addEventListener('close', () => {
    dialog.remove()
    resolve(dialog.returnValue === 'yes')
  })
  document.body.append(dialog)
  dialog.showModal()
  return promise
}

/** A dialog with a heading and a way out. Focus goes back to where it was. */
export function panel(title, ...children) {
  const close = h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Close')
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'panel-title' },
    h('div', { class: 'panel-head' }, h('h2', { id: 'panel-title' }, title), close),
    children,
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
