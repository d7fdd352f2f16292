// Made by Scripts/make_small_codes.py, which tells from what. Do not edit.

extension SmallCodes {
    /// Code lengths of each set, a hexadecimal digit per symbol: 286 of literals and lengths, 30 of distances.
    static let lengths: [StaticString] = [
        """
        3555456666666677777777888888888899999999aaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddddddddddddd\
        ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddccccccccccccccccbbbbbbbbbbbbbbbbaaaa\
        aaaaaa999999999988888888777777766666666555559ddddddddddddddddddddddddddccc166666666666666666666666666555
        """,
        """
        5ddcddddddccccccbbbbbbbbbbbbbbbbaaaaaaaaaaaaaaaa9999999999999999888888888888888877777777777777777877777777\
        77777777777777777776777777777777677777777777777777777777777777888888888888888888889999999999999999aaaaaaaa\
        aaaaaaaaaaaabbbbbbbbbbbbbbbbcccccccccccccccc9ccccccccccccccccccccccccccccc555555555555555555555555555544
        """,
        """
        4888888888888888888888888888999988889999999999999999999999999999999999999999999999999999999999999999999999\
        9999999999999999999999888899998888999999999999999999999999888899999988888888888888888888888888888888888888\
        8888888888888888888888888888888888888888888398888888877779999ddddddddddccc277777777177777777777777776666
        """,
        """
        2345466677889999aaaaaaaabbbbbbbbccccccccccccccccdddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\
        dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddccc\
        ccccccccccccbaaaaaaaaaaaaaaa9999888776665543addddddddddddddddddddddddddddd166466666666666666666666666666
        """,
        """
        135658899999aaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbccccccccccccccccbbbbbbbbbbbbbbbbcccccccccccccccccccccccccc\
        cccccccccccccccccccccccccccccccbbbbbbbcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\
        ccccccccccccbbbbbbbbbbbbbbbbaaaaaaaa999987538aaaaccccaaaaaaaaccccccccccccc177557746666666666666666666666
        """,
        """
        2ddddddddddddddd5ddddddddddddddd5ddddddddddddddd5ddddddddddddddd5ddddddddddddddd5ddddddddddddddd6ddddddddd\
        dddddd5ddddddddddddddd5dddddddddddddd5ddddddddddddddd5ddddddddddddddd5ddddccccccccccc5ccccccccccccccc5cccc\
        ccccccccccc5ccccccccccccccc5ccccccccccccccc366555aaaaccccccccccccccccccccc277777177777777777777777776666
        """,
        """
        34455667ddddccccddddddddccccdc6ddddddddddddddddddddddddddddd7dddddddddddddddddddcccccccccbbbbbbbdddddddddd\
        ddddddccccccccccccccccddddddddddddddddccccccccccccccccddddddddddddddddddddddddddddddddddddddddddddddddcccc\
        ccccccccccccccccccccccccccccccccddddddddddd4566666666655555556666777788876277777653337666666666666666666
        """,
        """
        3ddddddddddddddddddddddddddddd4dddddddddddddddddddddddddddcc4ccccccccccccccccccccccccccccc4ccccccccccccccc\
        cccccccccccccc4ccccccccccccccccccccccccccccc4ccccccccccccccccccccccccccccc5ccccccccccccccccccccccccccccc5c\
        cccccccccccccccccccccccccccccccccccccccccccc66666666655555555777788889999a277777663327777777777777776666
        """,
    ]
}
