import Foundation
import FoundationXML
import Testing

/// Studies through the binary, on the starter pair: what they find, keep, and go on from.
@Suite(.serialized, .enabled(if: Binary.starterIsThere)) struct StudyTests {
    @Test("each part of a shifted study is a table, a row of CSV names its part, the picture is well-formed")
    func parts() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "set critic.icc.measured_on 20; load actor starter:actor; load critic starter:critic; load actor "
                    + "starter:critic --as other --measure none; use actor actor; "
                    + "study approximation --quick --problems 20 --rollouts 8 --shift none --shift jumps --unseen "
                    + "other --name s",
                folder)
            let study = try #require(lines.last), parts = try #require(study["parts"] as? [[String: Any]])
            #expect(parts.compactMap { $0["part"] as? String } == ["none", "jumps", "unseen actor"])
            #expect(
                parts.compactMap { $0["problems"] as? Int } == [4, 4, 4]
                    && parts.compactMap { $0["rollouts"] as? Int } == [2, 2, 2])
            let rows = try #require(study["critics"] as? [[String: Any]])
            #expect(
                rows.compactMap { $0["critic"] as? String }
                    == (0..<3).flatMap { _ in ["rate", "likelihood", "critic", "exact"] })
            let csv = try Binary.kept("s", "table.csv", folder).split(separator: "\r\n")
            #expect(csv.count == 13 && csv[0].hasPrefix("part,critic,mse,") && csv[5].hasPrefix("jumps,rate,"))
            #expect(
                csv.dropFirst().allSatisfy {
                    $0.split(separator: ",", omittingEmptySubsequences: false).count
                        == csv[0].split(separator: ",").count
                })
            let picture = XMLParser(data: Data(try Binary.kept("s", "chart.svg", folder).utf8))
            #expect(picture.parse())
            let refused = try Binary.run(
                ["-c", "load actor starter:actor --measure none; study success --shift both --groups 3"], folder: folder
            )
            #expect(refused.status == 1 && refused.errors.contains("--shift"), "\(refused.errors)")
        }
    }

    @Test("a solution longer than a critic reads is left out for all of them, and counted; CSV holds what has commas")
    func leftOut() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor --measure none; load critic starter:critic; set critic.response_length 672; "
                    + "study approximation --problems 10 --rollouts 4 --shift both --critic critic --name s",
                folder)
            let study = try #require(lines.last), leftOut = try #require(study["left_out"] as? Int)
            #expect((1..<10).contains(leftOut) && (study["problems"] as? Int) == 10 - leftOut)
            _ = try Binary.json(
                "load actor starter:actor --measure none; study cost --name c --rollouts 1 --prompt 8 --response 8 "
                    + "--prefixes 2 --suffix 4 --chain 4 --continuations 2 --runs 1",
                folder)
            let csv = try Binary.kept("c", "table.csv", folder).split(separator: "\r\n")
            #expect(csv.count == 5 && csv[1].hasPrefix("ppo,") && csv[1].contains(",\"{\"\"gen\"\":"))
        }
    }

    @Test("who checks exactly tells right beginnings from wrong ones; a constant rate tells nothing")
    func controls() throws {
        try Binary.withFolder { folder in
            let study = try #require(
                try Binary.json(
                    "set critic.icc.measured_on 200; load actor starter:actor; load critic starter:critic; study "
                        + "approximation --problems 60 --rollouts 16",
                    folder
                ).last)
            let rows = try #require(study["critics"] as? [[String: Any]])
            let areas = rows.compactMap { $0["auc"] as? Double }, errors = rows.compactMap { $0["mse"] as? Double }
            #expect(areas.count == 4 && areas[0] == 0.5 && areas[3] > 0.98 && areas[2] > 0.9 && areas[1] > 0.6)
            let table = try #require(study["table_mse"] as? Double),
                constant = try #require(study["constant_mse"] as? Double)
            #expect(errors[3] < table && table < constant && errors[0] > errors[2])
            // The rate that critics are told is one number for all prefixes.
            #expect(abs((rows[0]["pearson"] as? Double) ?? 1) < 1e-9)
        }
    }

    @Test("more thought: chains and their length, each beside one whole chain")
    func thought() throws {
        try Binary.withFolder { folder in
            let study = try #require(
                try Binary.json(
                    "load actor starter:actor; load critic starter:critic; study thought --problems 6 --rollouts 8 "
                        + "--critic critic --control rate --samples 2 --lengths 1,64",
                    folder
                ).last)
            let rows = try #require(study["critics"] as? [[String: Any]])
            #expect(
                rows.compactMap { $0["critic"] as? String } == [
                    "critic, 1 chain", "critic, 2 chains", "critic, 1 chain of at most 1",
                    "critic, 1 chain of at most 64", "rate",
                ])
            let tokens = rows.compactMap { $0["tokens"] as? Double },
                failures = rows.compactMap { $0["parse_failure_rate"] as? Double }
            #expect(tokens[1] > 1.5 * tokens[0] && tokens[2] == 1 && failures[2] == 1 && failures[0] == 0)
            #expect(rows[3]["difference_to_rival"] as? Double == 0, "64 tokens are what critic.response_length allows")
        }
    }

    @Test("critics by size: each beside the next smaller of its kind")
    func scaling() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "train value-head model.path=starter:critic data.actors=starter:actor "
                    + "data.train_files=starter:jumps:train data.train_batch_size=2 rollout.n=2 "
                    + "critic.icc.measured_on=6 trainer.total_training_steps=1 --wait; "
                    + "starter init small --hidden 32 --layers 1 --heads 2 --intermediate 64; load critic small; load "
                    + "critic starter:critic; load critic run:last --as head; load actor starter:actor; "
                    + "study scaling --problems 3 --rollouts 4 --critic head --critic critic --critic small --control "
                    + "rate --control head --control exact",
                folder)
            let rows = try #require(lines.last?["critics"] as? [[String: Any]])
            let names = rows.compactMap { $0["critic"] as? String }
            #expect(
                names.count == 6 && names[3...] == ["rate", "head", "exact"] && names[0].hasPrefix("small, 0.")
                    && names[1].hasPrefix("critic, 0.9") && names[2].hasPrefix("head, 0.9"))
            #expect(
                rows[0]["difference_to_rival"] is NSNull && rows[1]["difference_to_rival"] is Double
                    && rows[2]["difference_to_rival"] is NSNull)
            #expect(rows[3...].allSatisfy { $0["difference_to_rival"] is NSNull }, "a control is set beside none")
            #expect(rows[4]["mse"] as? Double == rows[2]["mse"] as? Double, "the same head, asked alike")
            let refused = try Binary.run(
                [
                    "-c",
                    "load critic starter:critic; load actor starter:actor --measure none; study scaling --critic "
                        + "critic --critic rate",
                ], folder: folder)
            #expect(
                refused.status == 1 && refused.errors.contains("no size") && refused.errors.contains("--control rate"),
                "\(refused.errors)")
            let twice = try Binary.run(
                [
                    "-c",
                    "load critic starter:critic; load actor starter:actor --measure none; study icc --control rate",
                ], folder: folder)
            #expect(twice.status == 1 && twice.errors.contains("rate is asked twice"), "\(twice.errors)")
        }
    }

    @Test("six benchmarks weigh alike, and the mean's difference is that of the means")
    func benchmarks() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor --as a --measure none; load actor starter:critic --as b --measure none; "
                    + "study benchmarks --actor a --actor b --problems 40",
                folder)
            let rows = try #require(lines.last?["rows"] as? [[String: Any]]),
                sets = try #require(lines.last?["sets"] as? [String])
            #expect(sets == ["standard", "short", "long", "small", "large", "both"])
            for row in rows {
                let rates = sets.compactMap { row[$0] as? Double }, mean = try #require(row["success"] as? Double)
                #expect(rates.count == 6 && abs(rates.reduce(0, +) / 6 - mean) < 1e-12)
            }
            let (a, b) = (try #require(rows[0]["success"] as? Double), try #require(rows[1]["success"] as? Double))
            #expect(abs((rows[1]["difference"] as? Double ?? 9) - (b - a)) < 1e-12)
            let picture = try Binary.kept("benchmarks-1", "chart.svg", folder)
            let size = try #require(picture.firstMatch(of: /viewBox="0 0 ([0-9.]+) ([0-9.]+)"/))
            let (width, height) = (try #require(Double(size.1)), try #require(Double(size.2)))
            #expect(
                picture.matches(of: /(?:x|x2|cx)="([0-9.]+)"/).allSatisfy { Double($0.1).map { $0 < width } == true })
            #expect(
                picture.matches(of: /(?:y|y2|cy)="([0-9.]+)"/).allSatisfy { Double($0.1).map { $0 < height } == true })
            #expect(
                picture.matches(of: />a</).count == 2, "seven panels stand in two bands, and each band names the actors"
            )
        }
    }

    @Test("the same actor twice differs by nothing; several seeds are one row")
    func success() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor --as a --measure none; load actor starter:critic --as b --measure none; "
                    + "study success --actor a --actor a --actor a,b --problems 12 --samples 2", folder)
            let rows = try #require(lines[2]["rows"] as? [[String: Any]])
            let rates = rows.compactMap { $0["success"] as? Double }
            #expect(rates.count == 3 && rates[0] == rates[1] && (rates[0] * 24).rounded() == rates[0] * 24)
            #expect(rows[1]["difference"] as? Double == 0 && rows[1]["high"] as? Double == 0)
            let each = try #require(rows[2]["success_by_run"] as? [Double])
            #expect(each.count == 2 && abs(each.reduce(0, +) / 2 - rates[2]) < 1e-12)
        }
    }

    @Test(
        """
        every critic beside a chosen one: the differences are those of the errors, and a critic that is not there is \
        named
        """
    )
    func besideOne() throws {
        try Binary.withFolder { folder in
            let load = "set critic.icc.measured_on 50; load actor starter:actor; load critic starter:critic; "
            let study = try #require(
                try Binary.json(
                    load
                        + "study approximation --problems 8 --rollouts 4 --critic rate --critic exact --critic critic "
                        + "--beside exact",
                    folder
                ).last)
            let rows = try #require(study["critics"] as? [[String: Any]]),
                errors = rows.compactMap { $0["mse"] as? Double }
            for place in [0, 2] {
                let difference = try #require(rows[place]["difference_to_rival"] as? Double)
                #expect(abs(difference - (errors[place] - errors[1])) < 1e-9)
            }
            #expect(rows[1]["difference_to_rival"] is NSNull)
            let ranked = try #require(
                try Binary.json(
                    load + "study ranking --problems 30 --rollouts 4 --critic rate --critic exact --beside exact",
                    folder
                ).last?["rows"] as? [[String: Any]])
            let tops = ranked.compactMap { $0["top1"] as? [Double] },
                difference = try #require(ranked[0]["difference_to_rival"] as? [Double])
            for pool in difference.indices { #expect(abs(difference[pool] - (tops[0][pool] - tops[1][pool])) < 1e-9) }
            let twice = try Binary.run(
                ["-c", load + "study approximation --shift longer --shift longer"], folder: folder)
            #expect(twice.status == 1 && twice.errors.contains("names a shift twice"), "\(twice.errors)")
            let other = try Binary.run(
                ["-c", load + "study approximation --problems 8 --rollouts 4 --critic rate --beside exact"],
                folder: folder)
            #expect(
                other.status == 1 && other.errors.contains("--beside exact is no critic of the study"),
                "\(other.errors)")
        }
    }

    @Test("next steps are ranked: pools, chance and critics, the same in every run; with nothing to rank it says so")
    func ranking() throws {
        try Binary.withFolder { folder in
            let script =
                "load actor starter:actor --measure none; load critic starter:critic; study ranking --problems 40 "
                + "--rollouts 8 --critic likelihood --critic critic --critic exact"
            let (first, again) = (
                try Binary.json("set critic.icc.measured_on 50; \(script)", folder)[3],
                try Binary.json("set critic.icc.measured_on 50; \(script)", folder)[3]
            )
            let rows = try #require(first["rows"] as? [[String: Any]]), pools = try #require(first["pools"] as? [Int])
            #expect(rows.compactMap { $0["estimator"] as? String } == ["likelihood", "critic", "exact"])
            #expect(rows as NSArray == again["rows"] as? NSArray)
            let states = try #require(first["states"] as? Int), chance = try #require(first["chance"] as? [Double])
            #expect(pools.count == 4 && pools == pools.sorted() && pools[3] <= states && states <= 40)
            #expect(chance[0] == 0.5 && chance.allSatisfy { $0 > 0 && $0 < 1 })
            let exact = try #require(rows[2]["top1"] as? [Double])
            #expect(zip(exact, chance).allSatisfy { $0 > $1 }, "who checks exactly chooses better than by lot")
            #expect(
                (rows[0]["difference_to_rival"] as? [Double])?.isEmpty == true
                    && (rows[1]["rival_low"] as? [Double])?.count == 4)
            let cold = try Binary.run(
                [
                    "-c",
                    "set rollout.temperature 0; load actor starter:actor --measure none; load critic starter:critic; "
                        + "study ranking --problems 3 --rollouts 2",
                ], folder: folder)
            #expect(cold.status == 1 && cold.errors.contains("different next steps"), "\(cold.errors)")
        }
    }

    @Test(
        "what ICC is worth: four prompts for each critic, each beside the one that tells nothing, on the same prefixes")
    func toldAndNotTold() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor; load critic starter:critic; study approximation --problems 8 --rollouts 4 "
                    + "--critic critic; study icc --problems 8 --rollouts 4 --critic critic --critic exact; "
                    + "icc off success-rate; icc off actor; icc off infer; icc off sampling; study approximation "
                    + "--problems 8 --rollouts 4 --critic critic; "
                    + "icc on success-rate; icc on actor; icc on infer; icc on sampling; load critic starter:critic "
                    + "--as untold --untold; "
                    + "study approximation --problems 8 --rollouts 4 --critic critic --critic untold", folder)
            let rows = try #require(lines[3]["critics"] as? [[String: Any]])
            #expect(
                rows.compactMap { $0["critic"] as? String } == [
                    "critic, told nothing", "critic, the rate", "critic, all but the rate", "critic, all", "exact",
                ])
            let errors = rows.compactMap { $0["mse"] as? Double }
            for row in 1...3 {
                let difference = try #require(rows[row]["difference_to_rival"] as? Double)
                #expect(abs(difference - (errors[row] - errors[0])) < 1e-9)
            }
            #expect(rows[0]["difference_to_rival"] is NSNull && rows[4]["difference_to_rival"] is NSNull)
            // The session's own switches give the two ends.
            #expect(((lines[2]["critics"] as? [[String: Any]])?.first?["mse"] as? Double) == errors[3])
            #expect(((lines[8]["critics"] as? [[String: Any]])?.first?["mse"] as? Double) == errors[0])
            // A critic that is told nothing stands in a study beside one that is told all.
            let both = try #require(lines.last?["critics"] as? [[String: Any]])
            #expect(both.compactMap { $0["mse"] as? Double } == [errors[3], errors[0]])
        }
    }

    @Test("a study's problems can be longer ones")
    func shiftedSets() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor --measure none; study success --problems 40; study success --problems 40 "
                    + "--groups 8",
                folder)
            let lengths = lines.dropFirst().compactMap { ($0["rows"] as? [[String: Any]])?.first?["tokens"] as? Double }
            #expect(lengths.count == 2 && lengths[1] > lengths[0])
            #expect(
                try Binary.run(
                    ["-c", "load actor starter:actor --measure none; study success --groups 99"], folder: folder
                ).status != 0)
        }
    }
}
