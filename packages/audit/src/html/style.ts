/** Told apart by people with a colour vision deficiency, too (after Okabe and Ito); on dark screens and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b2329; --soft: #5b6770; --line: #d7dde2; --panel: #f5f7f8;
 --ok: #17734f; --warn: #8a5a00; --bad: #a8211a; --warn-bg: #fff4d9; --bad-bg: #fdeceb; --ok-bg: #e8f5ef;
 --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #e69f00; --c5: #56b4e9; --c6: #7a5195; --rest: #98a2aa;
 --adverse0: #b3262a; --adverse1: #e08a1e; --adverse2: #8d3b72; --good0: #2f8f6b; --good1: #4c8bbf; --good2: #93c7b0; }
@media (prefers-color-scheme: dark) { :root { --paper: #14191d; --ink: #e7ecef; --soft: #9fabb4; --line: #333d45; --panel: #1c2329;
 --ok: #5fd0a0; --warn: #f2c14e; --bad: #ff8a80; --warn-bg: #3a2f10; --bad-bg: #40191a; --ok-bg: #123127;
 --c0: #4aa8e0; --c1: #f58442; --c2: #3ccf9f; --c3: #e6a3c8; --c4: #f3bd47; --c5: #8fd0f5; --c6: #b394d1; --rest: #7b8790;
 --adverse0: #f0605c; --adverse1: #f2ab4c; --adverse2: #cc86b3; --good0: #4fbf94; --good1: #79b3e0; --good2: #2f6f58; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.35rem; margin: 2.6rem 0 .6rem; border-top: 2px solid var(--ink); padding-top: .6rem; }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .3rem; } p { margin: .4rem 0; max-width: 46rem; }
[lang=zh] { color: var(--soft); font-weight: 400; } .soft { color: var(--soft); font-size: .9rem; } code { font: .85em/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.verdict { margin: 1.2rem 0; padding: .8rem 1rem; border-left: 6px solid; font-size: 1.1rem; } .verdict p { margin: 0; } .verdict b { text-transform: capitalize; }
.failed { color: var(--bad); } .warning, .unchecked { color: var(--warn); } .ok { color: var(--ok); }
.verdict.failed { background: var(--bad-bg); } .verdict.warning, .verdict.unchecked { background: var(--warn-bg); } .verdict.ok { background: var(--ok-bg); }
.found { padding: 0; list-style: none; } .found li { border-left: 4px solid; padding: .1rem .8rem; margin: .8rem 0; } .found li > * { color: var(--ink); } .found b:first-child { color: inherit; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .8rem; margin: 1.2rem 0; padding: 0; }
.figures div { background: var(--panel); padding: .7rem .9rem; } .figures dt { font-size: .85rem; color: var(--soft); } .figures dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } caption { text-align: left; color: var(--soft); padding: .4rem 0; } .d, time { white-space: nowrap; } .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
figure { margin: 1.2rem 0 1.8rem; break-inside: avoid; } figcaption { font-weight: 600; }
svg { display: block; width: 100%; height: auto; background: var(--panel); font: 12px system-ui, "Noto Sans CJK SC", sans-serif; } svg text { fill: var(--ink); } svg .unit { fill: var(--soft); }
.grid { stroke: var(--line); } .axis { stroke: var(--ink); } .tick { stroke: var(--soft); stroke-width: 1.5; } .mark { fill: var(--bad); } .burst { fill: var(--bad); fill-opacity: .16; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .3rem 0 .5rem; list-style: none; font-size: .9rem; } .swatch { display: inline-block; width: .85rem; height: .85rem; margin-right: .4rem; vertical-align: -.08rem; background: var(--rest); }
.swatch.burst { background: var(--bad); opacity: .3; } .pointer { color: var(--bad); margin-right: .3rem; } .stroke { display: inline-block; width: 2px; height: .9rem; background: var(--soft); margin: 0 .6rem 0 .3rem; vertical-align: -.1rem; }
${['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'adverse0', 'adverse1', 'adverse2', 'good0', 'good1', 'good2'].map((name) => `.${name} { fill: var(--${name}); background: var(--${name}); }`).join('\n')}
.c-rest { fill: var(--rest); background: var(--rest); }
@media print { :root { color-scheme: light; } main { max-width: none; padding: 0; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
