// scratch: multi-hop bridging
import { readFileSync } from 'node:fs'
import { loadLeaf, makeSource } from '../src/core/index.ts'
import { analyzers } from '../src/store/index.ts'
const D='/work/shared/data/hipporag/'
const analyzer = await (await loadLeaf(analyzers,'words'))()
type Q={q:string,gold:number[],titles:string[]}
function load(set:string){
  if(set==='musique'){ const C=JSON.parse(readFileSync(D+'musique_train_corpus.json','utf8')); const L=JSON.parse(readFileSync(D+'musique_train.json','utf8'))
    const id=new Map(C.map((x:any,i:number)=>[x.title+'|'+x.text,i]))
    return {units:C.map((x:any)=>({title:x.title,text:x.text})), qs:L.map((x:any)=>({q:x.question,gold:[...new Set(x.paragraphs.filter((p:any)=>p.is_supporting).map((p:any)=>id.get(p.title+'|'+p.paragraph_text)))]}))} }
  const C=JSON.parse(readFileSync(D+'hotpotqa_train_corpus.json','utf8')); const L=JSON.parse(readFileSync(D+'hotpotqa_train.json','utf8')); const t=Object.keys(C); const id=new Map(t.map((k,i)=>[k,i]))
  return {units:t.map(k=>({title:k,text:[C[k]].flat().join(' ')})), qs:L.map((x:any)=>({q:x.question,gold:[...new Set(x.supporting_facts.map(([k]:any)=>id.get(k)))]}))}
}
for (const set of ['musique','hotpot']) {
 const {units,qs}=load(set) as {units:{title:string,text:string}[],qs:Q[]}
 const N=units.length
 const termsOf=(s:string)=>analyzer.terms(s).map(t=>t.term)
 const docs=units.map(u=>termsOf(u.title+' '+u.text)); const tfs=docs.map(d=>{const m=new Map<string,number>();for(const t of d)m.set(t,(m.get(t)??0)+1);return m})
 const df=new Map<string,number>(); for(const m of tfs) for(const t of m.keys()) df.set(t,(df.get(t)??0)+1)
 const avg=docs.reduce((a,d)=>a+d.length,0)/N
 const idf=(t:string)=>{const n=df.get(t)??0; return n===0?0:Math.log(1+(N-n+.5)/(n+.5))}
 const post=new Map<string,number[]>(); tfs.forEach((m,i)=>{for(const t of m.keys()){const l=post.get(t);if(l)l.push(i);else post.set(t,[i])}})
 const weightOf=(t:string)=>{const r=idf(t); return r**0.25*(analyzer.isStopTerm(t)?.4:1)}
 const score=(w:Map<string,number>)=>{const s=new Float64Array(N); for(const [t,x] of w){const r=idf(t); for(const i of post.get(t)??[]){const c=tfs[i]!.get(t)!; s[i]!+=x*r*c*2.2/(c+1.2*(.25+.75*docs[i]!.length/avg))}} return s}
 const titleTerms=units.map(u=>[...new Set(termsOf(u.title.replace(/\(.*?\)/,'')))].filter(t=>!analyzer.isStopTerm(t)))
 const textSet=tfs
 const evalr=(name:string,rank:(q:string)=>number[])=>{ let r5=0,r10=0,r20=0,a5=0,a20=0; for(const {q,gold} of qs){const o=rank(q); const f=(k:number)=>gold.filter(g=>o.slice(0,k).includes(g)).length/gold.length; r5+=f(5);r10+=f(10);r20+=f(20);a5+=+(f(5)===1);a20+=+(f(20)===1)} console.log(set,name,[r5,r10,r20,a5,a20].map(x=>(100*x/qs.length).toFixed(1)).join(' ')) }
 const qw=(q:string)=>new Map([...new Set(termsOf(q))].map(t=>[t,weightOf(t)]))
 const order=(s:Float64Array)=>[...s.keys()].sort((a,b)=>s[b]!-s[a]!||a-b)
 evalr('keyword',q=>order(score(qw(q))))
 // bridge: for top-k seeds, titles mentioned in seed text get boost by seed score, residual match
 // doc i mentions title j if all title terms of j in doc i text
 const titleIdf=titleTerms.map(ts=>ts.reduce((a,t)=>a+idf(t),0))
 const byTerm=new Map<string,number[]>(); titleTerms.forEach((ts,i)=>{ if(!ts.length)return; const rare=ts.reduce((a,b)=>idf(a)>=idf(b)?a:b); const l=byTerm.get(rare);if(l)l.push(i);else byTerm.set(rare,[i])})
 const links=units.map((_,i)=>{const out:number[]=[]; for(const t of tfs[i]!.keys()) for(const j of byTerm.get(t)??[]) if(j!==i && units[j]!.title!==units[i]!.title && titleTerms[j]!.every(x=>tfs[i]!.has(x)) ) out.push(j); return out})
 const back=units.map(()=>[] as number[]); links.forEach((l,i)=>l.forEach(j=>back[j]!.push(i)))

 // multi-hop beam with set scoring: greedy path expansion, rank by best path value
 for (const [seeds,alpha,hops,res0,resK,linkPow] of [[10,.8,1,.4,2,.5],[10,1.2,1,.4,2,.5],[10,1,2,.4,2,.5],[10,1.2,3,.4,2,.5],[10,1,2,.2,3,.5],[10,1.2,2,.2,3,1],[10,1,2,.6,1,.5]] as const)
 evalr(`paths ${seeds} ${alpha} h${hops} ${res0} ${resK} ${linkPow}`,q=>{ const w=qw(q); const s=score(w); const o=order(s); const top=s[o[0]!]!||1; const out=Float64Array.from(s)
   const tot=[...w].reduce((a,[t,x])=>a+x*idf(t),0)
   let frontier=o.slice(0,seeds).map(p=>({p,rel:s[p]!/top,cov:new Set([...w.keys()].filter(t=>tfs[p]!.has(t)))}))
   for(let h=0;h<hops;h++){ const next:any[]=[]
    for(const {p,rel,cov} of frontier) for(const j of links[p]!) { let res=0; for(const [t,x] of w) if(!cov.has(t)&&tfs[j]!.has(t)) res+=x*idf(t)
      const inq=titleTerms[j]!.filter(t=>w.has(t)).length/titleTerms[j]!.length
      const link=Math.min(1,titleIdf[j]!/10)/(1+back[j]!.length/20)**linkPow
      const v=s[j]!+alpha*top*rel*link*(res0+res/tot*resK)
      if(v>out[j]!){out[j]=v}
      next.push({p:j,rel:Math.min(1,(v/top))*.9*rel,cov:new Set([...cov,...[...w.keys()].filter(t=>tfs[j]!.has(t))]),v}) }
    next.sort((a,b)=>b.v-a.v); frontier=next.slice(0,seeds) }
   return order(out)})
}
