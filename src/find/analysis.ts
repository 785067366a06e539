const quotes = /"([^"]+)"|“([^”]+)”|«([^»]+)»|„([^“”]+)[“”]|「([^」]+)」|『([^』]+)』/gu

/** The phrases in quotation marks. */
export const quotedPhrases = (text: string): string[] =>
  [...text.matchAll(quotes)].map((match) =>
    match
      .slice(1)
      .find((phrase) => phrase !== undefined)!
      .trim(),
  )
