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
            return try whole.encode(
                source, decision.strategy, worker: worker, isLoaded: isLoaded, to: sink, cancellation)
        }
        guard isLoaded else { return try encodeBands(decision.strategy, to: sink) }
        try worker.encode(band: 0, layout, decision.strategy)
        try worker.finish(adlerOfAll: worker.adler, into: sink)
        return worker.tally
    }

    private func encodeBands(_ strategy: PNGStrategy, to sink: any ByteSink) throws(MediaError) -> PixelTally {
        var tally = PixelTally()
        var adler: UInt32 = 1
        let last = layout.bandCount - 1
        let (source, layout, cache) = (source, layout, cache)
        // One band more than threads: the calling thread writes while the others work.
        let pool = options.pool ?? WorkerPool(threadCount: 1)
        try pool.runOrdered(
            count: layout.bandCount, inFlight: pool.threadCount + 1, cancellation: cancellation,
            makeSlot: { PNGWorkerLoan(cache) },
            work: { (band, loan) throws(MediaError) in
                try loan.worker.load(layout.rows(ofBand: band), of: source, layout)
                try loan.worker.encode(band: band, layout, strategy)
            },
            consume: { (band, loan) throws(MediaError) in
                tally.add(loan.worker.tally)
                adler = Adler32.combine(adler, loan.worker.adler, secondLength: loan.worker.filteredCount)
                try loan.worker.finish(adlerOfAll: band == last ? adler : nil, into: sink)
            })
        return tally
    }

    // MARK: Decisions

    /// How the picture is encoded: in bands, or as a whole.
    private struct Decision {
        var strategy: PNGStrategy
        var whole: PNGWholePicture?
    }

    /// The filters that `.smallest` tries.
    private static let trials: [PNGStrategy] = [
        PNGStrategy(filtering: .adaptive, maySample: false),
        PNGStrategy(filtering: .fixed(.none), maySample: false),
        PNGStrategy(filtering: .fixed(.paeth), maySample: false),
        PNGStrategy(filtering: .fixed(.up), maySample: false),
        PNGStrategy(filtering: .fixed(.sub), maySample: false),
    ]

    private func decide(_ worker: PNGBandWorker, isLoaded: Bool) throws(MediaError) -> Decision {
        if options.preset == .smallest {
            // The highest level takes ten times as long, which only small pictures can hide.
            let level: Int32 = layout.filteredBytes <= 1 << 14 ? 12 : 9
            if let whole = PNGWholePicture(layout, level: level, cache: cache) {
                let sample = min(max(layout.filteredBytes / 8, 1 << 16), 1 << 18)
                let trials = try whole.trials(
                    of: Self.trials, source, worker: worker, isLoaded: isLoaded, sample: sample)
                return Self.best(trials, whole, margin: 0)
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
        let trials = try whole.trials(
            of: strategy.matchesRows ? [strategy] : [strategy, Self.trials[1]], source, worker: worker,
            isLoaded: isLoaded, sample: 1 << 15)
        return Self.best(trials, whole, margin: 20)
    }

    /// The strategy and the way that took least; libdeflate only when it saved more than one part in `margin`.
    private static func best(_ trials: [PNGWholePicture.Trial], _ whole: PNGWholePicture, margin: Int) -> Decision {
        var best = Decision(strategy: trials[0].strategy, whole: nil)
        var own = Int.max
        for trial in trials where trial.own < own {
            own = trial.own
            best.strategy = trial.strategy
        }
        var least = margin > 0 ? own - own / margin : own
        for trial in trials {
            // The trial's level finds less than the last one will where rows repeat, which is where no filter is best.
            let bonus = whole.triesBelowItsLevel && trial.strategy.matchesRows ? trial.whole / 12 : 0
            guard trial.whole - bonus < least else { continue }
            least = trial.whole - bonus
            best = Decision(strategy: trial.strategy, whole: whole)
        }
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
