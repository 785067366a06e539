import { analyse } from 'chardet'

export interface EncodingGuess {
  /** Label that TextDecoder knows. */
  readonly encoding: string
  /** 0 to 100. */
  readonly confidence: number
  readonly language?: string
}

/** Legacy encodings that bytes may be in, the likeliest first; Unicode encodings and those unknown to TextDecoder are left out. */
export function guessEncodings(bytes: Uint8Array): EncodingGuess[] {
  const guesses: EncodingGuess[] = []
  for (const { name, confidence, lang } of analyse(bytes)) {
    if (/^(utf|ascii)/i.test(name)) continue
    try {
      const encoding = new TextDecoder(name).encoding
      if (encoding === 'replacement') continue
      guesses.push({ encoding, confidence, ...(lang ? { language: lang } : {}) })
    } catch {
      // Not an encoding of the web platform.
    }
  }
  return guesses
}
