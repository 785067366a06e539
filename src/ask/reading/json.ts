/** The first JSON value in a text: bare, in a fence or in prose, with commas too many passed over; undefined where there is none. */
export function jsonIn(text: string): unknown {
  for (let start = text.search(/[[{]/), tries = 0; start !== -1 && tries < 20; tries++) {
    let depth = 0
    let quoted = false
    for (let at = start; at < text.length; at++) {
      const next = text[at]!
      if (quoted) {
        if (next === '\\') at++
        else if (next === '"') quoted = false
      } else if (next === '"') quoted = true
      else if (next === '{' || next === '[') depth++
      else if ((next === '}' || next === ']') && --depth === 0) {
        const piece = text.slice(start, at + 1)
        for (const form of [piece, piece.replace(/,(\s*[\]}])/g, '$1')])
          try {
            return JSON.parse(form)
          } catch {}
        break
      }
    }
    const next = text.slice(start + 1).search(/[[{]/)
    start = next === -1 ? -1 : start + 1 + next
  }
  return undefined
}
