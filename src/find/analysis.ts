const quotes = /"([^"]+)"|“([^”]+)”|«([^»]+)»|„([^“”]+)[“”]|「([^」]+)」|『([^』]+)』/gu

/** The phrases in quotation marks. */
export const quotedPhrases = (text: string): string[] =>
  [...text.matchAll(quotes)].map((match) =>
    match
      .slice(1)
      .find((phrase) => phrase !== undefined)!
      .trim(),
  )

/** Whether a text ends as a question does. */
export const isQuestion = (text: string): boolean => /[?？؟]["”»'\s]*$/u.test(text)
