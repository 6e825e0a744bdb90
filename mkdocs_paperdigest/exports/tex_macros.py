"""The macros of TeX that a formula may have in an entry of BibTeX: they print, and do nothing else.

Those of LaTeX, amsmath and amssymb. None reads or writes a file, runs a program, defines anything, or changes what a character
means. A macro that is missing here is no fault of the entry: its formula is written as text.
"""

from __future__ import annotations

_GREEK = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega digamma
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    varGamma varDelta varTheta varLambda varXi varPi varSigma varUpsilon varPhi varPsi varOmega
"""
_SYMBOLS = """
    aleph beth gimel daleth hbar hslash imath jmath ell wp Re Im partial nabla infty prime backprime emptyset varnothing angle
    measuredangle sphericalangle surd top bot forall exists nexists neg lnot flat natural sharp clubsuit diamondsuit heartsuit
    spadesuit triangle triangledown square blacksquare lozenge blacklozenge bigstar eth mho Finv Game complement Bbbk
    dots ldots cdots vdots ddots dotsb dotsc dotsi dotsm dotso degree dag ddag S P checkmark maltese circledR circledS yen pounds
    colon lbrace rbrace lbrack rbrack langle rangle lceil rceil lfloor rfloor lvert rvert lVert rVert vert Vert lgroup rgroup
    lmoustache rmoustache ulcorner urcorner llcorner lrcorner backslash
"""
_OPERATORS = """
    sum prod coprod int iint iiint oint bigcap bigcup bigvee bigwedge bigoplus bigotimes bigodot biguplus bigsqcup
    arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log max min Pr
    projlim sec sin sinh sup tan tanh varinjlim varprojlim varliminf varlimsup bmod mod pmod pod
    pm mp times div ast star circ bullet cdot centerdot cap cup Cap Cup uplus sqcap sqcup vee wedge lor land setminus smallsetminus
    wr diamond bigtriangleup bigtriangledown triangleleft triangleright lhd rhd unlhd unrhd oplus ominus otimes oslash odot
    boxplus boxminus boxtimes boxdot amalg ltimes rtimes leftthreetimes rightthreetimes intercal dotplus divideontimes barwedge
    doublebarwedge veebar curlyvee curlywedge circledast circledcirc circleddash bigcirc dagger ddagger
"""
_RELATIONS = """
    le leq leqq leqslant ge geq geqq geqslant ne neq equiv sim simeq approx approxeq cong asymp doteq doteqdot propto varpropto
    prec preceq precsim succ succeq succsim ll lll gg ggg lesssim gtrsim lessapprox gtrapprox lessgtr gtrless
    subset subseteq subseteqq subsetneq supset supseteq supseteqq supsetneq Subset Supset sqsubset sqsubseteq sqsupset sqsupseteq
    in ni notin owns vdash dashv vDash Vdash Vvdash models mid nmid parallel nparallel perp smile frown bowtie Join between pitchfork
    therefore because triangleq coloneqq eqqcolon circeq bumpeq Bumpeq eqcirc backsim backsimeq
    trianglelefteq trianglerighteq vartriangle vartriangleleft vartriangleright multimap
    nless nleq ngeq ngtr nsim ncong nsubseteq nsupseteq nprec nsucc nvdash nvDash lneq gneq not
"""
_ARROWS = """
    to gets leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow uparrow downarrow updownarrow Uparrow Downarrow
    Updownarrow mapsto longmapsto longleftarrow longrightarrow longleftrightarrow Longleftarrow Longrightarrow Longleftrightarrow
    hookleftarrow hookrightarrow leftharpoonup leftharpoondown rightharpoonup rightharpoondown leftrightharpoons rightleftharpoons
    nearrow searrow swarrow nwarrow iff implies impliedby leadsto rightsquigarrow leftrightsquigarrow twoheadrightarrow
    twoheadleftarrow rightrightarrows leftleftarrows rightleftarrows leftrightarrows curvearrowleft curvearrowright
    circlearrowleft circlearrowright nrightarrow nleftarrow nRightarrow nLeftarrow xleftarrow xrightarrow dashrightarrow dashleftarrow
"""
_ACCENTS_AND_FORMS = """
    acute bar breve check dot ddot dddot grave hat mathring tilde vec widehat widetilde overline underline overbrace underbrace
    overleftarrow overrightarrow overleftrightarrow underleftarrow underrightarrow
    frac dfrac tfrac cfrac binom dbinom tbinom sqrt stackrel overset underset substack over choose atop boxed
    left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm limits nolimits
    phantom hphantom vphantom smash
"""
_FONTS_AND_TEXT = """
    mathbb mathbf mathbin mathcal mathclose mathfrak mathit mathnormal mathop mathopen mathord mathpunct mathrel mathrm mathscr mathsf
    mathtt boldsymbol bm pmb operatorname text textbf textit textmd textnormal textrm textsc textsf textsl texttt textup emph mbox
    bf it rm sf tt cal mit displaystyle textstyle scriptstyle scriptscriptstyle
    textbackslash textasciitilde textasciicircum ensuremath
    quad qquad enspace thinspace medspace thickspace negthinspace negmedspace negthickspace
"""
_SIGNS = r"\ , ; : ! > | / - { } % & # $ _"

MACROS = frozenset(
    f"\\{name}"
    for names in (_GREEK, _SYMBOLS, _OPERATORS, _RELATIONS, _ARROWS, _ACCENTS_AND_FORMS, _FONTS_AND_TEXT, _SIGNS)
    for name in names.split()
) | {"\\ "}
r"""Each with its backslash: `\alpha`, `\,`. `\\` ends a line."""
