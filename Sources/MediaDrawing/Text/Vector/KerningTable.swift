/// Pairs whose widths alone leave a hole between them, or make them touch.
///
/// A line is a set of first letters, a set of second letters and a distance in thousandths of the em; the first line that
/// holds a pair decides. Letters with marks count as their bases.
enum KerningTable {
    static let pairs = """
        AΑΛ TΤ -76
        AΑΛ VWYΥ -66
        AΑΛ vwyνγ -34
        AΑΛ COGQUΟΘΦ -18
        L TΤ -96
        L VWYΥ -88
        L vwy -50
        L OCGQU -20
        TΤ AΑΛ -76
        TΤ aceogdqαοεσωδςφ -88
        TΤ mnrsuvwxyzpηιμνυ -70
        TΤ .,…-–— -84
        TΤ OCGQΟΘ -16
        VW AΑΛ -64
        V aceogdqs -44
        W aceogdqs -32
        VW nmrupz -22
        VW .,… -84
        VW -–— -30
        YΥ AΑΛ -70
        YΥ aceogdqsαοεσωδ -72
        YΥ nmrupvwxzηιμν -46
        YΥ .,…-–— -84
        PΡ AΑΛ -62
        PΡ .,… -110
        PΡ aceogdqs -16
        FΓ AΑΛ -62
        FΓ .,… -100
        F aceogdqs -26
        Γ αοεσωδηιμνυγ -72
        KΚX CcOoGQeΟ -22
        KΚX vwy -26
        R TVWY -22
        BDO AVXY -16
        OQΘΦD .,… -24
        r aceogdq -12
        r .,… -70
        f aceogdq -14
        f .,… -40
        vwyγν .,… -60
        vwy aceogdqs -8
        k aceogdq -16
        7 .,… -80
        .,… TVWY -80
        .,… vwy -44
        -–— TVY -60
        "'‘’“” AΑΛ -76
        AΑΛ "'‘’“” -76
        L "'‘’“” -110
        """
}
