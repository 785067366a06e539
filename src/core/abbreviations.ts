const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))

/** Abbreviations (lower case, without the last period) that never end a sentence. */
export const openAbbreviations = words(`
  dr mr mrs ms mx messrs mmes prof rev fr hon pres gov sen rep gen adm col maj capt cmdr lt sgt cpl pvt supt insp st mt
  ft vs viz cf e.g i.e eg ie fig figs eq eqs tab approx resp incl excl al.
  hr frl dipl z.b d.h bzw ggf vgl evtl inkl exkl ca sog sr sra srta dña ee.uu mme mlle cie p.ej
  т.е т.н т.к им ул пр пер просп проф акад доц рис табл см ср напр св зам гр тов ред
  डॉ प्रो श्री पं कु सं रु ई.पू ए बी सी डी एफ जी एच आई जे के एल एम एन ओ पी आर एस टी वी यू
  د م أ ص ج هـ ق.م`)

/** Abbreviations that do not end a sentence in front of a number, and words otherwise. */
export const numberAbbreviations = words(`
  no nos nr num p pp pg pgs vol vols sec sect ch chap art arts ref refs ver v para par app ex op
  jan feb mar apr jun jul aug sep sept oct nov dec abb bd bl kap abs pág núm стр гл ст п пп кн вып т`)

/** Abbreviations that end a sentence only where the next word is one that sentences begin with. */
export const eitherAbbreviations = words(`
  inc ltd co corp plc llc bros jr sr esq dept univ assn ave blvd rd hwy est al ed eds trans govt natl intl
  usw u.a st.-nr г гг в вв руб коп тыс млн млрд др пр т.д т.п н.э`)

/** Words that sentences often begin with. */
export const sentenceStarters = words(`
  the this that these those he she it they we i you his her its their our my in on at by for from with as after before
  when while if but and or however although though there then what who why how where which a an no not all some many
  most both each since because during under according also to so yet meanwhile once here now today later two three
  another every another such despite unlike like between until through over about let please see
  der die das ein eine er sie es wir ich und aber im am nach seit bei dies diese dieser auch als
  el la los las un una en y pero se su sus por para este esta le les il elle et mais dans
  в на он она оно они это этот эта по после с к но и а для при из за мы я вы его её их как так если когда однако там
  также до во от у что`)

/** German names that follow an ordinal number such as `3.` */
export const ordinalFollowers = words(`
  januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts
  jahrhunderte jahrtausend weltkrieg weltkriegs auflage kapitel`)
