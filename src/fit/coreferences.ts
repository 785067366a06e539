import type { Span } from '../core/index.ts'
import type { Part } from './units.ts'

/** A name or the opening words of a sentence, and where they stand. */
interface Mention {
  readonly text: string
  readonly span: Span
  /** Offset in its sentence. */
  readonly at: number
  readonly kind: 'person' | 'thing' | 'any'
}

/** All mentions of one thing. */
interface Entity {
  name: Mention
  readonly words: Set<string>
  kind: Mention['kind']
  gender?: 'he' | 'she'
  /** Number of the sentence that spoke of it last, and whether as its first mention. */
  last: number
  first: boolean
}

/** A pronoun and what it stands for. */
export interface Resolved {
  /** Offset behind the pronoun, in the sentence. */
  readonly at: number
  readonly name: Span
  readonly text: string
}

const pronoun = /\b(he|she|it|they|him|his|hers?|its|their|them)\b/giu
const name =
  /(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lady|Captain|President)\.?\s+)?\p{Lu}[\p{L}\p{M}'’-]+(?:\s+(?:(?:of|de|van|von|der|the|la)\s+)?\p{Lu}[\p{L}\p{M}'’.-]*)*/gu
const titled = /^(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lady|Captain|President)\b/
const thingWords =
  /\b(?:Company|Inc|Ltd|University|College|Church|River|Island|City|County|Street|Railway|Party|Act|War|Bank|Museum|School|Band|Album|Club|League|Council|House|Bridge|Hotel|Airport|Society|Association|Corporation|Group|Institute|Press|Times|Valley|Lake|Mount)\b/
/** Words that open a sentence with a capital and name nothing. */
const openers =
  /^(?:The|A|An|In|On|At|By|For|From|With|This|That|These|Those|When|While|After|Before|If|As|But|And|Or|So|It|He|She|They|His|Her|Its|Their|We|You|I|There|Here|What|Who|Why|How|Where|Which|Not|No|Yes|Also|However|Although|Since|Most|Many|Some|All|Each|Every|Both|One|Two|Three|To|Of|Then|Later|During|Between|Under|Over|Fog|Please)$/
const definite =
  /^(?:the|this|that|a|an)\s+((?:[\p{Ll}-]+\s+){0,2}?[\p{Ll}-]+)(?=\s+(?:is|was|were|are|has|had|have|will|can|leaves?|[\p{Ll}]+(?:ed|es|s))\b)/iu

/** Pronouns that open a sentence in languages without capitals, with what follows the subject there. */
const scripts: readonly { readonly pronoun: RegExp; readonly subject: RegExp }[] = [
  {
    pronoun: /^\s*(वह|वे|यह|ये|उसने|उन्होंने|इसने|इन्होंने|उनका|उनकी|उनके|उसका|उसकी|उसके|इसका|इसकी|इसके|उन्हें|उसे)(?=[\s,।])/u,
    subject: /^\s*((?:\p{L}|\p{M})+(?:\s+(?:\p{L}|\p{M})+){0,2}?)(?=\s+(?:ने|का|की|के|को|में|एक|से|पर)(?=\s)|,)/u,
  },
  {
    pronoun: /^\s*(அவர்|அவன்|அவள்|அது|அவர்கள்|இவர்|இது|அவரது|அதன்)(?=[\s,.])/u,
    subject: /^\s*((?:\p{L}|\p{M})+(?:\s+(?:\p{L}|\p{M})+)?)(?=\s+\p{L}|,)/u,
  },
  {
    pronoun: /^\s*(అతను|ఆమె|అది|వారు|ఆయన|అతని|దాని|ఇది|వారి)(?=[\s,.])/u,
    subject: /^\s*((?:\p{L}|\p{M})+(?:\s+(?:\p{L}|\p{M})+)?)(?=\s+\p{L}|,)/u,
  },
  {
    pronoun: /^\s*(وہ|یہ|انہوں|اس|ان)(?=[\s،۔])/u,
    subject: /^\s*((?:\p{L}|\p{M})+(?:\s+(?:\p{L}|\p{M})+){0,2}?)(?=\s+(?:نے|کا|کی|کے|کو|میں|ایک|سے|پر)(?=\s)|،)/u,
  },
]

/** Sentences after which a name is forgotten as what a pronoun may mean. */
const reach = 5
const mostInserted = 2

/**
 * What third-person pronouns of sentences stand for, by rules: the nearest name that agrees, first mentions of a sentence
 * before others. Sentences come in order; names are kept across windows of one source, and a part of a name is the same thing as the whole.
 */
export class Coreferences {
  #entities: Entity[] = []
  #source = ''
  #number = 0

  /** Reads the next sentence, and gives its pronouns that could be resolved. */
  read(sentence: Part): Resolved[] {
    if (sentence.span.source !== this.#source) {
      this.#source = sentence.span.source
      this.#entities = []
    }
    this.#number++
    const script = scripts.find(
      (one) => one.pronoun.test(sentence.text) || (one.subject.test(sentence.text) && !/\p{Lu}/u.test(sentence.text)),
    )
    if (script) return this.#readScript(sentence, script)
    const mentions = mentionsIn(sentence)
    const resolved: Resolved[] = []
    const done = new Set<Entity>()
    let place = 0
    for (const match of sentence.text.matchAll(pronoun)) {
      while (place < mentions.length && mentions[place]!.at < match.index) this.#note(mentions[place]!, place++ === 0)
      if (resolved.length >= mostInserted) break
      const entity = this.#meant(match[0].toLowerCase())
      if (!entity || done.has(entity) || entity.last === this.#number) continue
      done.add(entity)
      resolved.push({ at: match.index + match[0].length, name: entity.name.span, text: entity.name.text })
    }
    for (; place < mentions.length; place++) this.#note(mentions[place]!, place === 0)
    for (const entity of done) [entity.last, entity.first] = [this.#number, true]
    return resolved
  }

  #readScript(sentence: Part, script: (typeof scripts)[number]): Resolved[] {
    const found = script.pronoun.exec(sentence.text)
    if (found) {
      const entity = this.#entities.find(({ last }) => this.#number - last <= reach)
      if (!entity) return []
      entity.last = this.#number
      return [{ at: found[0].length, name: entity.name.span, text: entity.name.text }]
    }
    const subject = script.subject.exec(sentence.text)
    if (!subject) return []
    const at = subject[0].length - subject[1]!.length
    this.#entities = [{ ...entityOf(mentionAt(sentence, at, subject[1]!, 'any')), last: this.#number }]
    return []
  }

  #note(mention: Mention, first: boolean): void {
    const words = wordsOf(mention.text)
    const known = this.#entities.find(
      (entity) =>
        words.every((word) => entity.words.has(word)) ||
        (words.length > 1 && [...entity.words].every((word) => words.includes(word))),
    )
    const entity = known ?? entityOf(mention)
    if (!known) this.#entities.push(entity)
    else if (words.length > known.words.size) {
      known.name = mention
      for (const word of words) known.words.add(word)
    }
    if (entity.kind === 'any') entity.kind = mention.kind
    if (entity.last !== this.#number || first) [entity.last, entity.first] = [this.#number, first]
  }

  #meant(said: string): Entity | undefined {
    const gender = /^(?:he|him|his)$/.test(said) ? 'he' : /^(?:she|hers?)$/.test(said) ? 'she' : undefined
    const things = /^its?$/.test(said)
    let best: Entity | undefined
    for (const entity of this.#entities) {
      if (this.#number - entity.last > reach) continue
      if (gender && (entity.kind === 'thing' || (entity.gender && entity.gender !== gender))) continue
      if (things && (entity.kind === 'person' || entity.gender)) continue
      if (!gender && !things && (entity.kind === 'person' || entity.gender)) continue
      const nearer = !best || entity.last > best.last || (entity.last === best.last && entity.first && !best.first)
      if (nearer) best = entity
    }
    if (best && gender) best.gender = gender
    return best
  }
}

const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).filter((word) => !/^(mr|mrs|ms|dr|prof|sir|the)$/.test(word))

const entityOf = (mention: Mention): Entity => ({
  name: mention,
  words: new Set(wordsOf(mention.text)),
  kind: mention.kind,
  last: 0,
  first: true,
})

const mentionAt = ({ span }: Part, at: number, text: string, kind: Mention['kind']): Mention => ({
  text,
  at,
  kind,
  span: { source: span.source, start: span.start + at, end: span.start + at + text.length },
})

function mentionsIn(sentence: Part): Mention[] {
  const found: Mention[] = []
  const lead = sentence.text.length - sentence.text.trimStart().length
  for (const match of sentence.text.matchAll(name)) {
    let text = match[0].replace(/[.’'-]+$/, '')
    let at = match.index
    const [first = ''] = text.split(/\s/, 1)
    if (openers.test(first)) {
      const rest = text.slice(first.length).trimStart()
      if (!/^\p{Lu}/u.test(rest)) continue
      at += text.length - rest.length
      text = rest
    } else if (
      at === lead &&
      !/\s/.test(text) &&
      /^[\p{Ll}]+$/u.test(sentence.text.slice(at + 1, at + text.length)) &&
      text.length < 4
    )
      continue
    const article = /\bthe\s+$/i.test(sentence.text.slice(Math.max(0, at - 5), at))
    const kind = titled.test(text)
      ? 'person'
      : thingWords.test(text) || article
        ? 'thing'
        : /\s/.test(text)
          ? 'person'
          : 'any'
    found.push(mentionAt(sentence, at, text, kind))
  }
  const phrase = definite.exec(sentence.text.slice(lead))
  if (phrase && found.every(({ at }) => at > lead))
    found.unshift(mentionAt(sentence, lead, phrase[0].trimEnd(), 'thing'))
  return found
}
