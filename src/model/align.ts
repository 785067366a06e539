/** Where each token of a tokenizer stands in the text, as UTF-16 offsets. */
export interface Aligned {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Tokens that an unknown one may reach over before its end is given up for found, in folded characters. */
const farthest = 200

/** Two characters that one word may hold side by side: letters and digits that are no ideographs. */
const joined = /^(?!.*[\p{Script=Han}])[\p{L}\p{N}]{2}$/u

/** Lower case without accents, marks and compatibility forms: what most tokenizers make of a character, or nothing. */
const fold = (character: string): string =>
  character
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\s]/gu, '')
    .toLowerCase()

/**
 * Finds the tokens of WordPiece or SentencePiece models in the text that they were made from. The two are compared in
 * folded form; a token that stands for unknown characters covers all up to the next one that is found.
 */
export function alignWords(text: string, tokens: readonly string[]): Aligned {
  const places: number[] = []
  const ends: number[] = []
  let folded = ''
  for (let at = 0; at < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(at)!)
    for (const unit of fold(character).split('')) {
      folded += unit
      places.push(at)
      ends.push(at + character.length)
    }
    at += character.length
  }
  const from = new Int32Array(tokens.length)
  const to = new Int32Array(tokens.length)
  let at = 0
  let open = 0
  const pieces = tokens.some((form) => form.startsWith('▁'))
  const beginsWord = (place: number): boolean =>
    place === 0 || ends[place - 1]! < places[place]! || !joined.test(folded.slice(place - 1, place + 1))
  /** The next place of `part` that a token of this form can begin at. */
  const next = (part: string, form: string): number => {
    let place = folded.indexOf(part, at)
    const begins = pieces ? form.startsWith('▁') : !form.startsWith('##')
    while (begins && place !== -1 && !beginsWord(place)) place = folded.indexOf(part, place + 1)
    return place
  }
  const close = (token: number, place: number): void => {
    for (; open < token; open++) {
      from[open] = places[at] ?? text.length
      to[open] = place > at ? ends[place - 1]! : from[open]!
    }
  }
  for (const [token, form] of tokens.entries()) {
    const bare = fold(form.replace(/^##/, '').replaceAll('▁', ''))
    const whole = fold(form)
    const known = !/^(\[UNK\]|<unk>|<0x[0-9A-Fa-f]{2}>)$/.test(form)
    // A text may hold "##" itself, so the form as it stands is tried first.
    const after = open < token
    const found = [whole, bare].find(
      (part) => known && part !== '' && (after ? next(part, form) === at : folded.startsWith(part, at)),
    )
    let place = at
    let match = found
    if (match === undefined && known && bare !== '' && open < token) {
      place = next(bare, form)
      if (place !== -1 && place - at <= farthest) match = bare
    } else if (bare === '' && known) {
      close(token, at)
      from[token] = to[token] = places[at] ?? text.length
      open = token + 1
      continue
    }
    if (match === undefined) continue
    close(token, place)
    from[token] = places[place]!
    at = place + match.length
    to[token] = ends[at - 1]!
    open = token + 1
  }
  close(tokens.length, folded.length)
  return { starts: from, ends: to }
}

/** The characters by which models over bytes write bytes that do not show. */
function byteOf(): Map<string, number> {
  const bytes = new Map<string, number>()
  let hidden = 0
  for (let byte = 0; byte < 256; byte++) {
    const shown = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    bytes.set(String.fromCharCode(shown ? byte : 256 + hidden++), byte)
  }
  return bytes
}

/** Finds the tokens of a model over bytes (GPT-2's and its heirs'): a token that holds a part of a character covers it all. */
export function alignBytes(text: string, tokens: readonly string[]): Aligned {
  const bytes = byteOf()
  const starts: number[] = []
  const ends: number[] = []
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!
    const length = code > 0xffff ? 2 : 1
    for (let count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4; count > 0; count--) {
      starts.push(at)
      ends.push(at + length)
    }
    at += length
  }
  const from = new Int32Array(tokens.length)
  const to = new Int32Array(tokens.length)
  let at = 0
  for (const [token, form] of tokens.entries()) {
    let length = [...form].filter((character) => bytes.has(character)).length
    // Some tokenizers put a space before the text.
    if (token === 0 && form.startsWith('Ġ') && text[0] !== ' ') length--
    from[token] = starts[at] ?? text.length
    at = Math.min(starts.length, at + length)
    to[token] = length > 0 ? (ends[at - 1] ?? text.length) : from[token]!
  }
  return { starts: from, ends: to }
}
