import MediaCore

/// One picture on its way through an encoder.
struct PNGPass {
    let source: PNGRows
    let layout: PNGLayout
    let options: PNGEncoder.Options
    let cache: PNGWorkerCache
    let cancellation: CancellationFlag?

    /// Writes the pixels and the end of the file.
    func run(stored: Bool, to sink: any ByteSink) throws(MediaError) -> PixelTally {
        let loan = PNGWorkerLoan(cache)
        let worker = loan.worker
        // A picture of one band is filled once, and everything is decided on its rows.
        let isLoaded = layout.bandCount == 1
        if isLoaded { try worker.load(0..<layout.height, of: source, layout) }
        if isLoaded, !stored, options.preset == .fastest, layout.filteredBytes <= SmallCodes.mostBytes {
            try worker.encodeSmall(layout)
            try worker.finish(adlerOfAll: worker.adler, into: sink)
            return worker.tally
        }
        let decision = stored ? Decision(strategy: .stored, whole: nil) : try decide(worker, isLoaded: isLoaded)
        if let whole = decision.whole {
            defer { whole.end() }
            return try whole.encode(
                source, decision.strategy, worker: worker, isLoaded: isLoaded, to: sink, cancellation)
        }
        guard isLoaded else { return try encodeBands(decision.strategy, worker, to: sink) }
        try worker.encode(band: 0, layout, decision.strategy)
        try worker.finish(adlerOfAll: worker.adler, into: sink)
        return worker.tally
    }

    private func encodeBands(
        _ strategy: PNGStrategy, _ worker: PNGBandWorker, to sink: any ByteSink
    ) throws(MediaError) -> PixelTally {
        var tally = PixelTally()
        var adler: UInt32 = 1
        let last = layout.bandCount - 1
        guard let pool = options.pool, pool.threadCount > 1 else {
            for band in 0...last {
                try cancellation?.check()
                try worker.load(layout.rows(ofBand: band), of: source, layout)
                try worker.encode(band: band, layout, strategy)
                try finish(worker, isLast: band == last, &tally, &adler, to: sink)
            }
            return tally
        }
        let (source, layout, cache) = (source, layout, cache)
        // One band more than threads: the calling thread writes while the others work.
        try pool.runOrdered(
            count: layout.bandCount, inFlight: pool.threadCount + 1, cancellation: cancellation,
            makeSlot: { PNGWorkerLoan(cache) },
            work: { (band, loan) throws(MediaError) in
                try loan.worker.load(layout.rows(ofBand: band), of: source, layout)
                try loan.worker.encode(band: band, layout, strategy)
            },
            consume: { (band, loan) throws(MediaError) in
                try finish(loan.worker, isLast: band == last, &tally, &adler, to: sink)
            })
        return tally
    }

    /// Writes a band that is encoded, and adds it to the sums.
    private func finish(
        _ worker: PNGBandWorker, isLast: Bool, _ tally: inout PixelTally, _ adler: inout UInt32, to sink: any ByteSink
    ) throws(MediaError) {
        tally.add(worker.tally)
        adler = Adler32.combine(adler, worker.adler, secondLength: worker.filteredCount)
        try worker.finish(adlerOfAll: isLast ? adler : nil, into: sink)
    }

    // MARK: Decisions

    /// How the picture is encoded: in bands, or as a whole.
    private struct Decision {
        var strategy: PNGStrategy
        var whole: PNGWholePicture?
    }

    /// The filters that `.smallest` tries.
    private static let trials: [5 of PNGStrategy] = [
        PNGStrategy(filtering: .adaptive, maySample: false),
        unfiltered,
        PNGStrategy(filtering: .fixed(.paeth), maySample: false),
        PNGStrategy(filtering: .fixed(.up), maySample: false),
        PNGStrategy(filtering: .fixed(.sub), maySample: false),
    ]
    private static let unfiltered = PNGStrategy(filtering: .fixed(.none), maySample: false)

    private func decide(_ worker: PNGBandWorker, isLoaded: Bool) throws(MediaError) -> Decision {
        if options.preset == .smallest {
            // The highest level takes ten times as long, which only small pictures can hide.
            let level: Int32 = layout.filteredBytes <= 1 << 14 ? 12 : 9
            if let whole = PNGWholePicture(layout, level: level, cache: cache) {
                let sample = min(max(layout.filteredBytes / 8, 1 << 16), 1 << 18)
                return try best(
                    .init(Self.trials, count: 5), whole, margin: 0, worker: worker, isLoaded: isLoaded, sample: sample)
            }
        }
        let choice = try sample(worker, isLoaded: isLoaded)
        let (filter, cost, hasRepetitions) = choice.cheapest()
        let isFast = options.preset == .fastest
        let filtering: PNGStrategy.Filtering = isFast || filter == .none ? .fixed(filter) : .adaptive
        let strategy = PNGStrategy(filtering: filtering, maySample: isFast, searchesRows: hasRepetitions)
        // Three bits per byte and more is a photograph, where a search for repetitions finds next to nothing.
        guard options.preset == .balanced, cost < (3 * choice.sampledBytes) << 8,
            let whole = PNGWholePicture(layout, level: 6, cache: cache)
        else { return Decision(strategy: strategy, whole: nil) }
        var trials = [5 of PNGStrategy](repeating: Self.unfiltered)
        trials[0] = strategy
        return try best(
            .init(trials, count: strategy.matchesRows ? 1 : 2), whole, margin: 20, worker: worker, isLoaded: isLoaded,
            sample: 1 << 15)
    }

    /// The strategy and the way that take least; libdeflate only when it saves more than one part in `margin`.
    private func best(
        _ candidates: PNGWholePicture.Trials, _ whole: PNGWholePicture, margin: Int, worker: PNGBandWorker,
        isLoaded: Bool, sample: Int
    ) throws(MediaError) -> Decision {
        var trials = candidates
        var isKept = false
        defer { if !isKept { whole.end() } }
        try whole.measure(&trials, source, worker: worker, isLoaded: isLoaded, sample: sample)
        var best = Decision(strategy: trials.all[0].strategy, whole: nil)
        var own = Int.max
        for index in 0..<trials.count where trials.all[index].own < own {
            own = trials.all[index].own
            best.strategy = trials.all[index].strategy
        }
        var least = margin > 0 ? own - own / margin : own
        for index in 0..<trials.count {
            let trial = trials.all[index]
            // The trial's level finds less than the last one will where rows repeat, which is where no filter is best.
            let bonus = whole.triesBelowItsLevel && trial.strategy.matchesRows ? trial.whole / 12 : 0
            guard trial.whole - bonus < least else { continue }
            least = trial.whole - bonus
            best = Decision(strategy: trial.strategy, whole: whole)
        }
        isKept = best.whole != nil
        return best
    }

    /// Looks at a few rows.
    private func sample(_ worker: PNGBandWorker, isLoaded: Bool) throws(MediaError) -> PNGContentChoice {
        var choice = PNGContentChoice(layout, worker: worker)
        let places = PNGContentChoice.places(layout)
        for place in 0..<places.count where !places[place].isEmpty {
            if !isLoaded { try worker.load(places[place], of: source, layout) }
            try choice.add(isLoaded ? places[place] : 0..<places[place].count, place: place, from: worker)
        }
        return choice
    }
}
