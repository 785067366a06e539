import type { HtmlElement, HtmlEvent } from '../adapters/htmlparser2.ts'

const noise = new Set(['script', 'style', 'noscript', 'template', 'svg', 'nav', 'aside', 'dialog'])
const noiseRoles = new Set(['navigation', 'banner', 'contentinfo', 'search', 'dialog', 'alert', 'menu', 'menubar'])
const noiseNames =
  /(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|footer|sidebar|cookies?|share|sharing|social|skip-?link)(?:[\s_-]|$)/i

const matter = new Set(['main', 'article', 'section', 'li', 'td'])

function isWithin(element: HtmlElement, names: ReadonlySet<string>): boolean {
  for (let at = element.parent; at; at = at.parent) if (names.has(at.name)) return true
  return false
}

/** True for what is beside the matter wherever it stands. */
function isNoise(element: HtmlElement): boolean {
  const { name, attributes } = element
  if (noise.has(name)) return true
  if ('hidden' in attributes && attributes.hidden !== 'until-found') return true
  if (attributes['aria-hidden'] === 'true' && element.letters < 200) return true
  if (attributes.role && noiseRoles.has(attributes.role)) return true
  if (name === 'footer') return !isWithin(element, matter)
  if (name === 'header') return element.linked * 2 > element.letters && !isWithin(element, matter)
  if (name !== 'div' && name !== 'ul' && name !== 'ol' && name !== 'section') return false
  // Lists of links by a telling name: menus, breadcrumbs, sharing bars.
  return (
    element.linked > element.letters * 0.8 &&
    element.letters < 3000 &&
    noiseNames.test(`${attributes.class ?? ''} ${attributes.id ?? ''}`)
  )
}

/**
 * The part of a page that is its matter, as a range of events, and the elements to leave out of it: `main` or the one
 * `article` where it holds at least half of the body's text, else the body.
 */
export function chooseMain(
  events: readonly HtmlEvent[],
  whole: boolean,
): { readonly range: readonly [number, number]; readonly dropped: ReadonlySet<HtmlElement> } {
  const dropped = new Set<HtmlElement>()
  const mains: HtmlElement[] = []
  const articles: HtmlElement[] = []
  let body: HtmlElement | undefined
  let letters = 0
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!
    if (!('open' in event)) continue
    const { open: element } = event
    if (element.name === 'body') body ??= element
    const isMain = element.name === 'main' || element.attributes.role === 'main'
    if (isMain) mains.push(element)
    else if (element.name === 'article') articles.push(element)
    if (whole ? element.name === 'noscript' : isNoise(element)) {
      dropped.add(element)
      letters -= element.letters
      at = element.last
    }
  }
  letters += body?.letters ?? 0
  const chosen = mains.length === 1 ? mains[0] : mains.length === 0 && articles.length === 1 ? articles[0] : undefined
  if (!whole && chosen && chosen.letters >= letters / 2 && chosen.letters > 0)
    return { range: [chosen.first - 1, chosen.last + 1], dropped }
  return { range: [0, events.length], dropped }
}
