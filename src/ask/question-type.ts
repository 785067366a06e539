/** What has to be done with a text to answer: find one place, or many, or weigh all of it. */
export type QuestionType =
  | 'lookup'
  | 'list'
  | 'count'
  | 'group'
  | 'compare'
  | 'calculation'
  | 'summary'
  | 'multi-hop'
  | 'verify'

const lead = '^\\W*(?:please\\s+)?(?:can you\\s+|could you\\s+)?'
const patterns: readonly (readonly [QuestionType, RegExp])[] = [
  [
    'verify',
    /^\W*(claim|statement|verify|fact[- ]?check)\b|\b(true or false|is (it|this( claim| statement)?) (true|correct)|is the (claim|statement)|supported or refuted|entailed or refuted)\b/,
  ],
  [
    'calculation',
    /\b(sum|average|mean|median|total) (of|over|for) (all|each|every|these)\b|\b(sum|average|median) of the \w+|\bon average\b|\b(average|median|mean) \w+( \w+){0,3} (over|of all|across|among|per)\b|\b(all|these)\b.*\b(together|in total|altogether|combined|summed)\b|\bof all\b.*\b(highest|lowest|largest|smallest|longest|shortest|oldest|youngest|earliest|latest|cheapest|dearest)\b|\b(highest|lowest|largest|smallest|longest|shortest|oldest|youngest|earliest|latest|cheapest|dearest)\b.*\bof all\b|\b(falling|rising|descending|ascending) order\b|\b(sort(ed)?|rank(ed)?|order(ed)?) by\b|\bhow much\b.*\b(in all|in total|altogether|together|combined)\b/,
  ],
  [
    'group',
    /\b(group(ed)? by|broken? down by|for each|per (person|year|month|author|country|category|team|city))\b|\bhow many\b.*\beach\b/,
  ],
  [
    'compare',
    /\b(compare|comparison|differences? between|contrast|versus|vs\.?)\b|\b(which|who)\b.*\b(more|most|fewer|fewest|less|least|larger|largest|smaller|smallest)\b.*\b(than|or|of all|of them|overall)\b|\bwhich .{1,60} (most often|the most|the fewest|the least)\b|\b(more|most|less) common(ly)?\b/,
  ],
  [
    'count',
    /\bhow (many|often)\b|\bcount (of|the|all|how)\b|\bthe (total )?number of (all )?(the )?\w+s\b|\bhow many times\b/,
  ],
  [
    'list',
    new RegExp(
      `${lead}(list|enumerate|name|give|show|find|collect|extract)\\s+(me\\s+)?(all|every|each|the names? of|everyone|everything)\\b|\\b(what|which|who) (are|were) all\\b|\\ball (the )?(numbers?|names?|dates?|people|places|values?|items?|words?|variables?|mentions?|magic)\\b|\\b(which|what) \\w+s (are|were) (mentioned|named|listed)\\b|\\b(name|list) (all|each) of (them|these|those)\\b|^\\W*which (?!is\\b|was\\b|has\\b|does\\b|years\\b)\\w+[^s\\W]s\\b|^\\W*(which|what) (people|persons|companies|countries|cities|places|books|films)\\b`,
    ),
  ],
  [
    'summary',
    /\b(summar(y|i[sz]e|ies)|overview|outline|gist|tl;?dr|key (points|takeaways|findings)|main (topics?|themes?|points?|ideas?|arguments?|plot))\b|\bwhat (is|are) (this|these|the) .{0,40}about\b|^\W*describe the (plot|story|whole|document|book)/,
  ],
  [
    'multi-hop',
    /\b(who|which|what|where|when|whose)\b.*\b(of|by|in|with|from|that|whose|where|which)\b.*\b(who|whose|that|which|where) (is|are|was|were|had|has|did|won|wrote|directed|founded|starred|played|made|lives?|lived|bought|created|produced)\b|\b(mother|father|spouse|wife|husband|director|author|founder|capital|birthplace|employer|owner|performer|composer) of the \w+( \w+){0,4} (of|who|that|which|where)\b|\bboth\b.*\band\b.*\b(same|share)\b|\bdid\b.*\bbefore\b.*\bor\b|\b(who|when|where|what|which|how)\b.*\bthe (\w+ ){1,3}(that|who|where|which|whose) \w+|'s (\w+ ){1,2}(of|whose)\b|\bthe \w+ of (the )?\w+( \w+){0,4} of\b|^\W*where (is|was) the \w+( now)?\W*$|\bwhere (was|is) .{1,60} before\b/,
  ],
]

/** The type of a question by its words (English); what nothing else marks is a look-up. */
export function questionType(question: string): QuestionType {
  const text = question.toLowerCase().replace(/\s+/g, ' ').trim()
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'lookup'
}
