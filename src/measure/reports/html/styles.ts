/** Colours of light and dark grounds. Series keep 3:1 to the ground, text 4.5:1; no two are told apart by hue alone. */
export const colors: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ground: ['#f6f7f8', '#121518'],
  surface: ['#ffffff', '#1a1e23'],
  ink: ['#1a1f24', '#e9ecef'],
  muted: ['#545d67', '#a9b2bc'],
  line: ['#d5dae0', '#39414a'],
  accent: ['#0b5cad', '#7dbcff'],
  failed: ['#a8201a', '#ff9a8f'],
  reference: ['#6a737d', '#97a1ac'],
  'series-0': ['#0067a9', '#5cb3f0'],
  'series-1': ['#c24a00', '#ff9352'],
  'series-2': ['#00785a', '#3ccf9f'],
  'series-3': ['#9c3d7a', '#ea97c9'],
  'series-4': ['#8a6500', '#e3be3c'],
  'series-5': ['#5a3fb0', '#b3a0ff'],
  'series-6': ['#1f7a8c', '#7fd6e8'],
  'series-7': ['#9b2335', '#ff8f9a'],
  used: ['#0067a9', '#5cb3f0'],
  'loss-read': ['#6a737d', '#97a1ac'],
  'loss-split': ['#5a3fb0', '#b3a0ff'],
  'loss-retrieve': ['#c24a00', '#ff9352'],
  'loss-compress': ['#9c3d7a', '#ea97c9'],
  'loss-pack': ['#a67c00', '#e3be3c'],
  'loss-window': ['#1f7a8c', '#7fd6e8'],
  'loss-unused': ['#9b2335', '#ff8f9a'],
  kept: ['#d6e8fa', '#16395a'],
  pin: ['#0b5cad', '#7dbcff'],
  lost: ['#fbe0d2', '#5a2410'],
  'lost-line': ['#b23a00', '#ff9352'],
  best: ['#dcefe6', '#123a2d'],
  warn: ['#fdf0cf', '#40330b'],
  'warn-ink': ['#5c4400', '#f5d98a'],
}

/** Cividis in tenths, from 0 to 1: even in lightness, and the same to those who do not tell red from green. */
const heat = [
  '#00224e',
  '#123570',
  '#3b496c',
  '#575d6d',
  '#707173',
  '#8a8678',
  '#a59c74',
  '#c3b369',
  '#e1cc55',
  '#fee838',
]

const variables = [
  ...Object.entries(colors).map(([name, [light, dark]]) => `--${name}:light-dark(${light},${dark})`),
  ...heat.map((color, at) => `--heat-${at}:${color}`),
  ...heat.map((_, at) => `--heat-ink-${at}:${at < 5 ? '#ffffff' : '#000000'}`),
].join(';')

export const styles = `:root{color-scheme:light dark;${variables}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:7.5rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:1120px;margin:0 auto;padding:1.25rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0}
h2{font-size:1.25rem;margin:0 0 .25rem}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
h4{font-size:.85rem;margin:.5rem 0 .25rem}
p{margin:.4rem 0}
small{font-size:.8em;color:var(--muted);font-weight:400}
a{color:var(--accent)}
.skip{position:absolute;left:-9999px}
.skip:focus{left:1rem;top:.5rem;background:var(--surface);padding:.5rem;z-index:9}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.lead{color:var(--muted);margin-top:0}
.how,.note,.choice{color:var(--muted);font-size:.9rem;max-width:75ch}
.choice{color:var(--ink)}
.upshot{font-size:1.05rem;background:var(--surface);border:1px solid var(--line);border-left:4px solid var(--accent);padding:.6rem .9rem;border-radius:6px}
.upshot .choice{font-size:.9rem;display:block}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:.5rem 1.25rem;margin:1rem 0}
.facts dt{font-size:.75rem;color:var(--muted)}
.facts dd{margin:0;overflow-wrap:anywhere}
.origins{list-style:none;margin:.75rem 0;padding:.5rem .9rem;background:var(--surface);border-radius:6px}.origins.warn{background:var(--warn);color:var(--warn-ink)}
.badge,.tag{display:inline-block;font-size:.72rem;line-height:1.3;padding:.05rem .4rem;border-radius:99px;border:1px solid currentColor;white-space:nowrap;font-weight:500}
.badge.simulated,.badge.scripted,.badge.replayed{background:var(--warn);color:var(--warn-ink)}
.tag{color:var(--muted)}
.tag.best{background:var(--best);color:var(--ink)}
.tag.tied{background:var(--kept);color:var(--ink)}
.failed{color:var(--failed)}
details{margin:.5rem 0}
summary{cursor:pointer}
pre{overflow:auto;max-height:20rem;background:var(--surface);border:1px solid var(--line);padding:.75rem;border-radius:6px;font-size:.8rem}
nav{display:flex;gap:.25rem 1rem;flex-wrap:wrap;padding:.5rem 0;white-space:nowrap;font-size:.9rem}
.toolbar{position:sticky;top:0;z-index:5;background:var(--ground);border-bottom:1px solid var(--line);padding:.5rem 0;margin-bottom:1rem}
.selects{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center}
.selects label,.local,.choose label{display:inline-flex;align-items:center;gap:.4rem;font-size:.85rem;color:var(--muted);min-width:0}
select,button{font:inherit;font-size:.85rem;color:var(--ink);background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:.3rem .5rem;min-height:2rem;max-width:100%}
select{min-width:0;text-overflow:ellipsis}
button{cursor:pointer}
.top{display:flex;align-items:start;justify-content:space-between;gap:1rem}#theme{flex:none}
.chips{display:flex;gap:.4rem;overflow-x:auto;padding:.4rem 2px 2px;scrollbar-width:thin}
.chip{display:inline-flex;align-items:center;gap:.35rem;white-space:nowrap;font-size:.8rem;border-radius:99px;padding:.15rem .6rem}
.chip[aria-pressed=false]{opacity:.75;text-decoration:line-through;background:none}
.swatch{display:inline-block;width:30px;height:12px;vertical-align:middle;flex:none}
.swatch svg{display:block}
section[id]{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:1rem;margin:1rem 0;min-width:0}
figure{margin:0;min-width:0}
.chart{height:var(--narrow);margin:.75rem 0}
@media (min-width:640px){.chart{height:var(--wide)}}
.chart svg,.drawing svg{display:block;max-width:100%;height:auto;overflow:visible}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,var(--least)),1fr));gap:1rem 1.5rem;margin:.75rem 0}
figcaption{font-size:.85rem;font-weight:600}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:1rem}
.ramp{display:flex;align-items:center;gap:.4rem;font-size:.8rem;color:var(--muted)}
.ramp i{width:160px;height:12px;background:linear-gradient(90deg,${heat.join(',')})}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;width:100%}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right}td.number{white-space:nowrap}td.number small{display:block}thead th{max-width:9rem}
tbody th{font-weight:500;position:sticky;left:0;background:var(--surface)}tbody th{min-width:12rem}tbody th .name{white-space:nowrap}.swatch+.name{margin-left:.35rem}
thead th{font-weight:600;vertical-align:bottom}
th .sort{border:0;background:none;padding:.2rem 0;font-weight:600;text-align:inherit;min-height:1.8rem;border-radius:0}
th[aria-sort=ascending] .sort::after{content:" ▲"}
th[aria-sort=descending] .sort::after{content:" ▼"}
tr.reference th{color:var(--muted)}
td .best,td .tied{display:inline-block;background:var(--best);border-radius:4px;padding:.05rem .3rem;margin:-.05rem -.3rem}
td .tied b{font-weight:400}
td b{font-weight:600}
td span:not(.best)>b,td>b{font-weight:500}
td .best b{font-weight:700}
.nothing{color:var(--muted);font-style:italic}
.choose{display:flex;flex-wrap:wrap;gap:.5rem 1rem}
.sample{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem}
.sample dt{color:var(--muted);font-size:.85rem}
.sample dd{margin:0;overflow-wrap:anywhere}
.scores{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin:0;padding:0;font-size:.85rem}
.jumps{display:flex;flex-wrap:wrap;gap:.35rem;margin-top:.35rem}
.texts{position:relative;max-height:32rem;overflow:auto;border:1px solid var(--line);border-radius:6px;padding:.25rem .75rem;background:var(--ground)}
.text{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.88rem;line-height:1.6}
.gap{display:block;color:var(--muted);font-size:.8rem;font-style:italic;margin:.4rem 0}
mark{color:inherit;background:none}
mark.kept{background:var(--kept)}
mark.evidence{text-decoration:underline 2.5px var(--pin);text-underline-offset:3px}
mark.lost{background:var(--lost);outline:2px solid var(--lost-line);text-decoration-color:var(--lost-line)}
.pin{display:inline-block;font-size:.7rem;line-height:1.2;padding:0 .35rem;margin:0 .2rem;border-radius:3px;background:var(--pin);color:var(--surface);font-weight:600;white-space:nowrap}
.pin.lost,.jump.lost{background:var(--lost-line);color:var(--surface)}
.key{font-size:.85rem}
@media (max-width:639px){nav{flex-wrap:nowrap;overflow-x:auto}#theme{font-size:.75rem}main{padding:.75rem .6rem 3rem}section[id]{padding:.75rem .6rem}.selects{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.4rem}.selects label{flex-direction:column;align-items:stretch;gap:0;font-size:.72rem}.sample{grid-template-columns:1fr;gap:.1rem}.sample dd{margin-bottom:.4rem}tbody th{min-width:7.4rem;max-width:9.5rem}tbody th .name{white-space:normal;overflow-wrap:break-word}.grid{gap:.75rem .6rem}td,th{padding:.3rem .4rem}.facts{grid-template-columns:repeat(2,minmax(0,1fr))}.choose label{width:100%}.choose select{flex:1}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{:root{color-scheme:light!important}.toolbar,nav,.skip,.local,.choose,.jumps{display:none}body{background:none;font-size:11px}section[id]{border:0;padding:0;break-inside:auto}figure,tr{break-inside:avoid}.scroll,.texts{position:relative;overflow:visible;max-height:none}th .sort{font-size:inherit}}
`
