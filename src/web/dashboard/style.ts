/** The style of all pages, light and dark, from 380 pixels on. */
export const style = `:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #fff; --line: #d9dee4; --text: #1a1f26; --soft: #55606d;
  --link: #0b5f86; --good: #17693f; --warn: #8a4b00; --bad: #b3261e; --shade: #eaf3f8; --plot: #1f7fa8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1a2027; --line: #2e3842; --text: #e7ebf0; --soft: #a3afbc;
    --link: #7cc7ea; --good: #6fd39b; --warn: #f0b35c; --bad: #ff8f86; --shade: #1d2c37; --plot: #58b4dc;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, sans-serif; }
a { color: var(--link); }
h1, h2, p, figure { margin: 0; }
h1 { font-size: 1.15rem; }
h2 { font-size: .95rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; padding: .6rem 1rem; background: var(--card); border-bottom: 1px solid var(--line); }
header form { margin-left: auto; }
header nav { display: flex; flex-wrap: wrap; gap: .2rem; }
header nav a { padding: .25rem .6rem; border-radius: .4rem; text-decoration: none; }
header nav a:hover, header nav [aria-current] { background: var(--shade); }
header nav [aria-current] { color: var(--text); font-weight: 600; }
.brand { font-weight: 700; }
main { max-width: 80rem; margin: 0 auto; padding: 1rem; display: grid; gap: .8rem; grid-template-columns: minmax(0, 1fr); }
.columns { columns: 2 30rem; column-gap: .8rem; }
.columns section { break-inside: avoid; margin-bottom: .8rem; }
section { display: grid; gap: .5rem; min-width: 0; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.top { border-left: .35rem solid var(--good); }
.top.attention { border-left-color: var(--warn); }
.top.trouble { border-left-color: var(--bad); }
.note, .empty { color: var(--soft); font-size: .85rem; }
.did { padding: .5rem .8rem; border-radius: .6rem; background: var(--shade); }
.tiles { display: grid; gap: .8rem 1.2rem; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
.tile { display: grid; align-content: start; }
.tile .name { color: var(--soft); font-size: .85rem; }
.tile strong { font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
figcaption { font-size: .85rem; }
svg { display: block; width: 100%; height: 3.4rem; border-bottom: 1px solid var(--line); }
path { fill: none; stroke: var(--plot); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.concerns { margin: 0; padding: 0; list-style: none; display: grid; gap: .4rem; }
.concerns li { display: flex; flex-wrap: wrap; gap: .2rem .7rem; }
.badge { font-size: .8rem; font-weight: 600; }
.badge.attention { color: var(--warn); }
.badge.trouble, .bad { color: var(--bad); }
.good { color: var(--good); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
thead th { color: var(--soft); font-size: .8rem; font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; }
.n { text-align: right; white-space: nowrap; }
code, pre { font: .85em/1.4 ui-monospace, monospace; }
pre { margin: .3rem 0 0; max-width: 44rem; white-space: pre-wrap; }
summary { cursor: pointer; color: var(--link); }
.acts { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem; }
button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .2rem .6rem; max-width: 100%; }
input, select { border-color: var(--soft); }
form { margin: 0; }
button { cursor: pointer; }
button:hover { background: var(--shade); }
button.risky { color: var(--bad); }
button.main { background: var(--link); border-color: var(--link); color: var(--page); font-weight: 600; padding: .4rem 1rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.events { margin: 0; padding: 0; list-style: none; display: grid; gap: .2rem; }
.events li { display: grid; gap: 0 .7rem; grid-template-columns: auto 1fr auto auto; }
.events [hidden], [hidden] { display: none; }
.events span { overflow-wrap: anywhere; }
.events span:first-child, .events span:last-child { color: var(--soft); }
.pager { display: flex; gap: 1rem; }
.door { max-width: 24rem; margin: 12vh auto 0; padding: 1rem; }
.door form { display: grid; gap: .6rem; }
.door input { padding: .45rem .6rem; width: 100%; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 40rem) {
  main { padding: .6rem; }
  header { padding: .5rem .6rem; }
  section { padding: .7rem .8rem; }
  .stack thead { display: none; }
  .stack tr { display: flex; flex-wrap: wrap; gap: .1rem .8rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stack td { padding: 0; border: 0; max-width: 100%; overflow-wrap: anywhere; }
  .stack td:last-child { flex-basis: 100%; }
}
`;
