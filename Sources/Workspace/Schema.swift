import GRDB

/// The tables, by kind of record. A record is one column of JSON, as commands export it: its fields are the rooms'
/// above, which may add some without a migration. What records are looked up by are columns that SQLite computes from
/// that JSON, so that they cannot contradict it; but for the hash of a problem, which SQLite cannot compute.
enum Schema {
    /// What two problems have in common when they are the same one: all but the id.
    static let problemContent = "json_extract(record, '$.text', '$.answer', '$.source', '$.grader', '$.stepRule')"

    /// What a solution was drawn under, and that it was not written elsewhere.
    static let seed = "json_extract(record, '$.seed')"
    static let sample = "json_extract(record, '$.sample')"
    static let isOurs = "json_extract(record, '$.author') IS NULL"

    /// Changes of the tables are added here, under new names; those that were released are never changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: problems, solutions, valuations, truths") { database in
            try database.execute(
                sql: """
                    CREATE TABLE problem (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        content TEXT GENERATED ALWAYS AS (\(problemContent)) VIRTUAL,
                        record TEXT NOT NULL
                    );
                    CREATE INDEX problem_content ON problem (content);

                    CREATE TABLE solution (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        problem INTEGER GENERATED ALWAYS AS (json_extract(record, '$.problem')) STORED,
                        actor TEXT GENERATED ALWAYS AS (json_extract(record, '$.actor.name')) STORED,
                        parameters INTEGER GENERATED ALWAYS AS (json_extract(record, '$.actor.parameters')) STORED,
                        outcome REAL GENERATED ALWAYS AS (json_extract(record, '$.outcome')) STORED,
                        -- What it was drawn under, where its actor sampled it whole. A text without ids can only have
                        -- come from a model that tells none.
                        draw TEXT GENERATED ALWAYS AS (
                            CASE WHEN json_extract(record, '$.author') IS NULL
                                AND json_extract(record, '$.branch') IS NULL
                                AND (json_extract(record, '$.logprobs') IS NOT NULL
                                    OR json_array_length(record, '$.ids') = 0)
                            THEN json_extract(record, '$.problem', '$.seed', '$.sample', '$.actor.sampling') END
                        ) VIRTUAL,
                        steps TEXT,
                        record TEXT NOT NULL
                    );
                    CREATE INDEX solution_problem ON solution (problem);
                    CREATE INDEX solution_draw ON solution (actor, parameters, draw, outcome);

                    \(valuationTable("valuation"))
                    \(valuationTable("truth"))

                    -- The store.jsonl whose records were copied, and how long it was then.
                    CREATE TABLE moved (bytes INTEGER NOT NULL);
                    """)
        }
        // An index of the contents held every problem's text a second time.
        migrator.registerMigration("2: problems are found by a hash of their content") { database in
            try database.execute(sql: "DROP INDEX problem_content; ALTER TABLE problem ADD COLUMN hash INTEGER")
            try ProblemHash.fill(database)
            try database.execute(sql: "CREATE INDEX problem_hash ON problem (hash)")
        }
        migrator.registerMigration("3: draws") { database in
            try database.execute(
                sql: """
                    -- The sample numbers of a problem under a seed that were given out: all below next.
                    CREATE TABLE draw (
                        problem INTEGER NOT NULL, seed INTEGER NOT NULL, next INTEGER NOT NULL,
                        PRIMARY KEY (problem, seed)
                    ) WITHOUT ROWID;
                    CREATE INDEX solution_sample ON solution (problem, \(seed), \(sample)) WHERE \(isOurs);
                    """)
        }
        return migrator
    }

    /// What an estimator said of a prefix.
    private static func valuationTable(_ name: String) -> String {
        """
        CREATE TABLE \(name) (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            solution INTEGER GENERATED ALWAYS AS (json_extract(record, '$.prefix.solution')) STORED,
            step INTEGER GENERATED ALWAYS AS (json_extract(record, '$.prefix.step')) STORED,
            estimator TEXT GENERATED ALWAYS AS (json_extract(record, '$.estimator')) STORED,
            record TEXT NOT NULL
        );
        CREATE INDEX \(name)_prefix ON \(name) (solution, step);
        """
    }
}
