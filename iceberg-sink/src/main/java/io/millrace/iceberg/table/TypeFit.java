package io.millrace.iceberg.table;

import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** How the type of a change's column stands to the type of the table's. Field ids do not matter. */
enum TypeFit {
    /** Values can be written as they are. */
    SAME,
    /** The table's type is wider; values are widened when written. */
    TABLE_WIDER,
    /** The table's type can be promoted to the change's. */
    CHANGE_WIDER,
    /** Neither. */
    NONE;

    static TypeFit of(Type table, Type change) {
        if (table.isPrimitiveType() && change.isPrimitiveType()) {
            if (table.equals(change)) {
                return SAME;
            }
            if (promotes(table, change)) {
                return CHANGE_WIDER;
            }
            return promotes(change, table) ? TABLE_WIDER : NONE;
        }
        if (table.isListType() && change.isListType()) {
            return of(table.asListType().elementType(), change.asListType().elementType());
        }
        if (table.isMapType() && change.isMapType()) {
            return of(table.asMapType().keyType(), change.asMapType().keyType()) == SAME
                            && of(
                                            table.asMapType().valueType(),
                                            change.asMapType().valueType())
                                    == SAME
                    ? SAME
                    : NONE;
        }
        if (table.isStructType() && change.isStructType()) {
            return sameFields(
                            table.asStructType().fields(), change.asStructType().fields())
                    ? SAME
                    : NONE;
        }
        return NONE;
    }

    private static boolean sameFields(List<Types.NestedField> table, List<Types.NestedField> change) {
        if (table.size() != change.size()) {
            return false;
        }
        for (int i = 0; i < table.size(); i++) {
            if (!table.get(i).name().equals(change.get(i).name())
                    || of(table.get(i).type(), change.get(i).type()) != SAME) {
                return false;
            }
        }
        return true;
    }

    private static boolean promotes(Type from, Type to) {
        return switch (from.typeId()) {
            case INTEGER -> to.typeId() == Type.TypeID.LONG;
            case FLOAT -> to.typeId() == Type.TypeID.DOUBLE;
            case DECIMAL ->
                to instanceof Types.DecimalType wide
                        && wide.scale() == ((Types.DecimalType) from).scale()
                        && wide.precision() > ((Types.DecimalType) from).precision();
            default -> false;
        };
    }
}
