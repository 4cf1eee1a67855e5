import { icons } from './icons.ts'

type Content = Node | string | null | false
type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>

/** An element. Functions listen to the event they are named by, false and null leave an attribute out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...content.filter(part => part !== null && part !== false))
  return element
}

const svg = 'http://www.w3.org/2000/svg'

/** For the eye only: what it stands on needs a name. */
export function icon(name: keyof typeof icons): SVGSVGElement {
  const picture = document.createElementNS(svg, 'svg')
  picture.setAttribute('class', 'icon')
  picture.setAttribute('viewBox', '0 0 24 24')
  picture.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', icons[name])
  picture.append(path)
  return picture
}

interface Item {
  readonly key: string
  /** An element made with the same sign is still good. */
  readonly sign: string
  make(): HTMLElement
  /** For what may change in place. */
  update?(element: HTMLElement): void
}

/** Brings the children of a list up to date, and touches none that stays as it is: focus, selection and screen readers stay where they are. */
export function patch(list: Element, items: readonly Item[]): void {
  const old = new Map([...list.children].map(child => [(child as HTMLElement).dataset['key'] ?? '', child as HTMLElement]))
  let place = list.firstElementChild
  for (const { key, sign, make, update } of items) {
    const before = old.get(key)
    old.delete(key)
    let element = before
    if (!element || element.dataset['sign'] !== sign) {
      element = make()
      element.dataset['key'] = key
      element.dataset['sign'] = sign
      const hadFocus = before?.contains(document.activeElement) ?? false
      if (before === place) place = before?.nextElementSibling ?? null
      before?.remove()
      list.insertBefore(element, place)
      if (hadFocus) element.querySelector<HTMLElement>('a, button')?.focus()
    } else if (element === place) place = element.nextElementSibling
    else list.insertBefore(element, place)
    update?.(element)
  }
  for (const element of old.values()) element.remove()
}
