/** English forms that no stemmer brings together, each lemma with its forms. Forms that are other words too are left out. */
const forms = `
arise arose arisen; awake awoke awoken; beat beaten; become became; begin began begun; bend bent; bite bit bitten;
bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build built; burn burnt; buy bought;
catch caught; choose chose chosen; cling clung; come came; creep crept; deal dealt; dig dug; draw drew drawn;
dream dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt;
fight fought; find found; flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten;
forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown;
hang hung; hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lead led; learn learnt;
leave left; lend lent; light lit; lose lost; make made; mean meant; meet met; mistake mistook mistaken; pay paid;
prove proven; ride rode ridden; ring rang rung; rise rose risen; run ran; say said; see saw seen; seek sought;
sell sold; send sent; sew sewn; shake shook shaken; shine shone; shoot shot; show shown; shrink shrank shrunk;
sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken; speed sped; spell spelt;
spend spent; spin spun; spoil spoilt; spring sprang sprung; stand stood; steal stole stolen; stick stuck; sting stung;
strike struck stricken; strive strove striven; swear swore sworn; sweep swept; swell swollen; swim swam swum;
swing swung; take took taken; teach taught; tear tore torn; tell told; think thought; throw threw thrown;
understand understood; undertake undertook undertaken; wake woke woken; wear wore worn; weave wove woven; weep wept;
win won; withdraw withdrew withdrawn; write wrote written; undergo underwent undergone; overcome overcame;
child children; man men; woman women; person people; foot feet; tooth teeth; goose geese; mouse mice; ox oxen;
die dice; wife wives; knife knives; wolf wolves; half halves; shelf shelves; thief thieves; loaf loaves; calf calves;
datum data; medium media; criterion criteria; phenomenon phenomena; analysis analyses; crisis crises; thesis theses;
hypothesis hypotheses; basis bases; axis axes; index indices; matrix matrices; vertex vertices; appendix appendices;
bacterium bacteria; curriculum curricula; nucleus nuclei; stimulus stimuli; fungus fungi; cactus cacti; schema schemata`

/** From a form to its lemma. */
export const lemmas: ReadonlyMap<string, string> = new Map(
  forms
    .split(';')
    .map((entry) => entry.trim().split(/\s+/))
    .flatMap(([lemma, ...others]) => others.map((form) => [form, lemma!] as const)),
)
